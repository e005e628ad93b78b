/**
 * Binds, temporary file systems and volumes a user asks for. In: the words of -v, --mount, --tmpfs. Out: mounts, and
 * their steps; and volumes, which outlive containers. Table: volume.
 */
@ApplicationModule(allowedDependencies = { "plan", "archive", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.volume;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
