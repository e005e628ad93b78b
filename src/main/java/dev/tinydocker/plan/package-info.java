/**
 * What a container is made of: a list of kernel operations, as values, and how they are written: on the wire, and
 * as a script for people. Pure: does nothing.
 */
@ApplicationModule(allowedDependencies = { "problem" })
@NullMarked
package dev.tinydocker.plan;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
