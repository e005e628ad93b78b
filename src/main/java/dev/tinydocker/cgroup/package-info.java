/**
 * Limits and usage of a container, on cgroup v1 and v2. In: an id and limits. Out: steps, and figures read back.
 */
@ApplicationModule(allowedDependencies = { "plan", "linux", "problem" })
@NullMarked
package dev.tinydocker.cgroup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
