package dev.tinydocker.shell;

import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;

/** The exit statuses of Docker's client. */
public final class ExitStatuses {

    /** A command that does not exist, was given the wrong number of arguments, or failed. */
    public static final int FAILED = 1;
    /** Options that cannot be understood, and containers that the runtime could not start. */
    public static final int RUNTIME_FAILED = 125;
    static final int NOT_EXECUTABLE = 126;
    static final int COMMAND_NOT_FOUND = 127;
    /** The user pressed Ctrl-C: 128 and SIGINT. */
    public static final int INTERRUPTED = 130;

    private ExitStatuses() {
    }

    /** The status with which a command ends that met a problem. */
    static int of(String command, Problem problem) {
        return switch (problem) {
            case CannotExecute execute -> execute.missing() ? COMMAND_NOT_FOUND : NOT_EXECUTABLE;
            case NotFound _, Conflict _ -> command.equals("run") ? RUNTIME_FAILED : FAILED;
            case InvalidRequest _, HostLacks _, SystemFailure _ -> command.equals("run") || command.equals("exec")
                    ? RUNTIME_FAILED : FAILED;
        };
    }
}
