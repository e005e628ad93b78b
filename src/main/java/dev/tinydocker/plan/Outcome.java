package dev.tinydocker.plan;

/** What became of a step of the shim's, where that was not known before; in the order of {@code docs/wire.md}. */
public enum Outcome {
    AS_PLANNED, NOTHING, DIRECTORY, HOST_NULL, USER, SHOWN_BEFORE, AS_OWNER, DIRECTORY_AGAIN;

    /** What a shim has told. */
    public static Outcome of(int code) {
        return code >= 0 && code < values().length ? values()[code] : AS_PLANNED;
    }
}
