/**
 * Where this host is no Linux: finds the virtual machine, says what is wrong with it, and has commands executed in it.
 * In: the words of a command. Out: its streams and exit status.
 */
@ApplicationModule(allowedDependencies = { "engine", "shell", "shim", "problem" })
@NullMarked
package dev.tinydocker.lima;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
