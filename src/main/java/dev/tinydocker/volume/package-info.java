/**
 * Binds and temporary file systems a user asks for. In: the words of -v, --mount, --tmpfs. Out: mounts, and their
 * steps.
 */
@ApplicationModule(allowedDependencies = { "plan", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.volume;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
