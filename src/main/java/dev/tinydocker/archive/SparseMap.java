package dev.tinydocker.archive;

import java.util.Arrays;

/**
 * Where the data of a file with holes belong: pairs of offset and length, ascending.
 *
 * @param length the file's, holes and all
 */
record SparseMap(long[] pairs, long length) {

    /** More pieces than files have; each takes 16 bytes while it is read, and twice that for a moment. */
    static final int MOST_PIECES = 1 << 17;

    /** @throws DamagedArchive where the pieces overlap, go backwards or do not fit the file */
    SparseMap {
        long end = 0;
        long sum = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            long from = pairs[i];
            long bytes = pairs[i + 1];
            if (from < end || bytes < 0 || from > length - bytes) {
                throw new DamagedArchive("the map of its holes is wrong");
            }
            end = from + bytes;
            sum += bytes;
        }
        if (length < 0 || sum < 0) {
            throw new DamagedArchive("the map of its holes is wrong");
        }
    }

    /** How many bytes of data the map places. */
    long stored() {
        long sum = 0;
        for (int i = 1; i < pairs.length; i += 2) {
            sum += pairs[i];
        }
        return sum;
    }

    /** Collects pairs. */
    static final class Builder {

        private long[] pairs = new long[16];
        private int count;

        Builder add(long offset, long length) {
            if (count == 2 * MOST_PIECES) {
                throw new DamagedArchive("it has more than " + MOST_PIECES + " holes");
            }
            if (count == pairs.length) {
                pairs = Arrays.copyOf(pairs, count * 2);
            }
            pairs[count++] = offset;
            pairs[count++] = length;
            return this;
        }

        SparseMap of(long length) {
            return new SparseMap(Arrays.copyOf(pairs, count), length);
        }
    }
}
