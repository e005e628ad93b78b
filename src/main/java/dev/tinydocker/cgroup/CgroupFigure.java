package dev.tinydocker.cgroup;

import org.jspecify.annotations.Nullable;

/**
 * Something that a cgroup counts or limits, and the files of the kernel that say so.
 *
 * @param what in a word or two
 * @param unit of both numbers
 * @param used null where it is not counted
 * @param usedFile its name, empty where it is not counted
 * @param limit null where there is none
 * @param limitFile its name, empty where the kernel has none
 * @param text what the limit's file says, where that is no number
 */
public record CgroupFigure(String what, Unit unit, @Nullable Long used, String usedFile, @Nullable Long limit,
        String limitFile, String text) {

    /** What is counted. */
    public enum Unit {
        BYTES, COUNT, NANOSECONDS,
        /** Microseconds of each {@link Limits#CPU_PERIOD_MICROS}. */
        QUOTA,
        /** Beside others: twice the number is twice the share. */
        WEIGHT,
        /** Words. */
        TEXT
    }
}
