/**
 * Launches, finds again and talks to the native program that holds one container or one exec. In: a plan. Out: a
 * connection that carries frames. Knows nothing of rows, names or images.
 */
@ApplicationModule(allowedDependencies = { "plan", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.shim;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
