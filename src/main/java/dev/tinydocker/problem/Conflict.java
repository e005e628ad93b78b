package dev.tinydocker.problem;

import org.jspecify.annotations.Nullable;

/** What was asked does not fit the state things are in: a name is taken, a container runs. */
public final class Conflict extends Problem {

    private static final long serialVersionUID = 1L;

    public Conflict(String what, String why, String hint) {
        this(what, why, hint, null);
    }

    public Conflict(String what, String why, String hint, @Nullable Throwable cause) {
        super(what, why, hint, cause);
    }
}
