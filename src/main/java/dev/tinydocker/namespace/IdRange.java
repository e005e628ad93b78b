package dev.tinydocker.namespace;

/**
 * Numbers of users, and of groups, that are others outside; a line of uid_map, user_namespaces(7).
 *
 * @param inside the first as the container numbers it
 * @param outside the first as the host numbers it
 */
public record IdRange(long inside, long outside, long size) {

    /** The highest number is "no one" to the kernel. */
    static final long MOST = 0xffff_ffffL;

    public IdRange {
        if (inside < 0 || outside < 0 || size < 1 || inside > MOST - size || outside > MOST - size) {
            throw new IllegalArgumentException("a range is from 0 to " + (MOST - 1));
        }
    }

    boolean overlapsOutside(IdRange other) {
        return outside < other.outside + other.size && other.outside < outside + size;
    }

    private boolean overlapsInside(IdRange other) {
        return inside < other.inside + other.size && other.inside < inside + size;
    }

    /** Whether the kernel refuses both in one map. */
    boolean collides(IdRange other) {
        return overlapsOutside(other) || overlapsInside(other);
    }

    boolean has(long id) {
        return id >= inside && id < inside + size;
    }
}
