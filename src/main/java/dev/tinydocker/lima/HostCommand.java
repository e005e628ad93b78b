package dev.tinydocker.lima;

import dev.tinydocker.shell.Session;

import java.util.List;

/** A command that is executed on this host. */
@FunctionalInterface
interface HostCommand {

    /**
     * Executes it, and returns its exit status.
     *
     * @param words what comes after its name
     * @throws dev.tinydocker.problem.Problem where it cannot be done
     */
    int execute(List<String> words, Session session);
}
