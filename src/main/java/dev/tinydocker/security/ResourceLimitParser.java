package dev.tinydocker.security;

/** Reads the word of {@code --ulimit}. */
public final class ResourceLimitParser {

    private ResourceLimitParser() {
    }

    /**
     * {@code NAME=SOFT[:HARD]}.
     *
     * @throws dev.tinydocker.problem.InvalidRequest where there is no such limit, or soft is above hard
     */
    public static ResourceLimit parse(String word) {
        throw new UnsupportedOperationException();
    }
}
