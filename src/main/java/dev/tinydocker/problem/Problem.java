package dev.tinydocker.problem;

import org.jspecify.annotations.Nullable;

/**
 * A failure a user can understand. Its message is one line: what could not be done, on which object, why; and what to
 * do. Callers switch on the kind; the exit status is decided in one place, by the shell.
 */
public abstract sealed class Problem extends RuntimeException
        permits NotFound, Conflict, InvalidRequest, HostLacks, SystemFailure, CannotExecute {

    private static final long serialVersionUID = 1L;

    /** Who sends a megabyte for a name is not quoted in full. */
    private static final int LONGEST = 4096;

    private final String message;
    private final String hint;

    /**
     * @param what the deed and its object, as in {@code start 'web'}; the message begins "cannot" with it
     * @param why the cause, without a full stop
     * @param hint what the user can do, or empty
     */
    protected Problem(String what, String why, String hint, @Nullable Throwable cause) {
        super(null, cause);
        this.message = "cannot " + cut(Printable.line(what)) + ": " + cut(Printable.line(why));
        this.hint = cut(Printable.line(hint));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** What, on which object, and why. */
    @Override
    public String getMessage() {
        return message;
    }

    /** What the user can do about it; may be empty. */
    public String hint() {
        return hint;
    }

    /** The whole line: what, on which object, why; what to do. */
    public String line() {
        return hint.isEmpty() ? message : message + "; " + hint;
    }
}
