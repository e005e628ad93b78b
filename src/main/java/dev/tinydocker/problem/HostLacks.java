package dev.tinydocker.problem;

import org.jspecify.annotations.Nullable;

/** This host cannot do it: a kernel feature, a tool or a privilege is missing. */
public final class HostLacks extends Problem {

    private static final long serialVersionUID = 1L;

    public HostLacks(String what, String why, String hint) {
        this(what, why, hint, null);
    }

    public HostLacks(String what, String why, String hint, @Nullable Throwable cause) {
        super(what, why, hint, cause);
    }
}
