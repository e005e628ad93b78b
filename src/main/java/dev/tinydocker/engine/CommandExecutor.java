package dev.tinydocker.engine;

import java.util.List;

/** Where commands are executed: in this JVM, in another one's engine, or in a virtual machine. */
public interface CommandExecutor {

    /**
     * Executes the words of one command at the user's terminal, and returns its exit status. Ctrl-C is the command's.
     */
    int execute(List<String> argv);

    /** Executes a command out of the user's sight, and returns what it printed; nothing where it failed. */
    String output(List<String> argv);
}
