/**
 * The process itself: the lock, the client socket, sessions, the interactive shell, what is done at start and at the
 * end.
 */
@ApplicationModule(allowedDependencies = { "shell", "web", "container", "lesson", "shim", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
