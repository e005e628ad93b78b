package dev.tinydocker.lima;

/** The user does not want to wait any longer: Ctrl-C, or a client that has gone. What had been started is ended. */
final class Interrupted extends RuntimeException {

    private static final long serialVersionUID = 1;

    Interrupted() {
        super("interrupted");
    }
}
