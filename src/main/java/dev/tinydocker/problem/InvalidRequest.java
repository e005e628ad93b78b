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
}
