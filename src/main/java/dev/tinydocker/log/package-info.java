/**
 * What a container wrote: how it is kept, and how it is read back and followed. In: a directory and a query. Out:
 * entries.
 */
@ApplicationModule(allowedDependencies = { "plan", "linux", "problem" })
@NullMarked
package dev.tinydocker.log;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
