package dev.tinydocker.explain;

/**
 * Something in which two anatomies are compared.
 *
 * @param subject as {@code namespace}
 * @param aspect as {@code mnt}
 * @param one what the first has; empty for nothing
 * @param other what the second has
 */
public record Difference(String subject, String aspect, String one, String other) {

    /** Whether they have the same. */
    public boolean same() {
        return one.equals(other);
    }
}
