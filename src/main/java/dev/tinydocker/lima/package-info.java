/**
 * Where this host is no Linux: finds the virtual machine, says what is wrong with it, and has commands executed in it.
 * In: what clients ask. Out: what the engine there answers.
 */
@ApplicationModule(allowedDependencies = { "engine", "shell", "shim", "store", "problem" })
@NullMarked
package dev.tinydocker.lima;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
