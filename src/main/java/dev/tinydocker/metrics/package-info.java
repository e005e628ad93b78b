/**
 * What this engine has done, counted where it is done: starts, failures, pulls, and how long things took. In: one call
 * for each event, which costs some nanoseconds. Out: the numbers, for whoever shows them.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.tinydocker.metrics;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
