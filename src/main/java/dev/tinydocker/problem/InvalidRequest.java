package dev.tinydocker.problem;

import org.jspecify.annotations.Nullable;

/** The request itself is wrong, whatever the state of the host. */
public final class InvalidRequest extends Problem {

    private static final long serialVersionUID = 1L;

    public InvalidRequest(String what, String why, String hint) {
        this(what, why, hint, null);
    }

    public InvalidRequest(String what, String why, String hint, @Nullable Throwable cause) {
        super(what, why, hint, cause);
    }

    /**
     * An option of a command line has a value that cannot be used.
     *
     * @param option as it is typed, with its dashes
     * @param value as it was typed
     */
    public static InvalidRequest ofOption(String option, String value, String why, String hint) {
        return new InvalidRequest("use '" + value + "' for " + option, why, hint);
    }
}
