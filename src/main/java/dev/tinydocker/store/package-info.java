/**
 * Where things are kept: the one class that joins paths, the engine lock, files that are whole or absent, and SQLite.
 * Knows nothing of what is kept.
 */
@ApplicationModule(allowedDependencies = { "linux", "problem" })
@NullMarked
package dev.tinydocker.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
