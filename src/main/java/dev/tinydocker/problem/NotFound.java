package dev.tinydocker.problem;

import org.jspecify.annotations.Nullable;

/** What was named does not exist. */
public final class NotFound extends Problem {

    private static final long serialVersionUID = 1L;

    public NotFound(String what, String why, String hint) {
        this(what, why, hint, null);
    }

    public NotFound(String what, String why, String hint, @Nullable Throwable cause) {
        super(what, why, hint, cause);
    }
}
