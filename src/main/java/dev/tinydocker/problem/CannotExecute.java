package dev.tinydocker.problem;

/** The command of a container could not be executed: it is missing, or it may not be executed. */
public final class CannotExecute extends Problem {

    private static final long serialVersionUID = 1L;

    private final boolean missing;

    public CannotExecute(String what, String why, String hint, boolean missing) {
        super(what, why, hint, null);
        this.missing = missing;
    }

    /** True where no such file exists (exit status 127), false where it exists and cannot be executed (126). */
    public boolean missing() {
        return missing;
    }
}
