package dev.tinydocker.problem;

import org.jspecify.annotations.Nullable;

/** The operating system refused or failed. */
public final class SystemFailure extends Problem {

    private static final long serialVersionUID = 1L;

    public SystemFailure(String what, String why, String hint) {
        this(what, why, hint, null);
    }

    public SystemFailure(String what, String why, String hint, @Nullable Throwable cause) {
        super(what, why, hint, cause);
    }
}
