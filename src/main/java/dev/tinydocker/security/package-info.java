/**
 * Who the process is and what it may do: user, capabilities, system calls, resource limits, masked paths. In: wishes.
 * Out: steps.
 */
@ApplicationModule(allowedDependencies = { "plan", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
