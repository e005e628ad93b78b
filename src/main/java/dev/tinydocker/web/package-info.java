/**
 * What the engine shows over HTTP: metrics. In: an address and a port. Out: pages. Knows nothing of containers; what is
 * measured are the meters of the program.
 */
@ApplicationModule(allowedDependencies = { "problem" })
@NullMarked
package dev.tinydocker.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
