package dev.tinydocker.archive;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** GNU tar's four ways to say where the holes of a file are. */
final class SparseMaps {

    private SparseMaps() {
    }

    /** The map of the current entry, of which {@code in} has the content next; null for a file without holes. */
    @Nullable
    static SparseMap read(TarInput in, byte kind, byte[] header, PaxRecords pax) throws IOException {
        if (kind == TarHeader.SPARSE) {
            return old(in, header);
        }
        if (pax.number("GNU.sparse.major", 0) == 1) {
            return inContent(in, pax.number("GNU.sparse.realsize", -1));
        }
        byte[] map = pax.bytes("GNU.sparse.map");
        if (map != null) {
            return listed(map, pax.number("GNU.sparse.size", -1));
        }
        return pax.bytes("GNU.sparse.size") == null ? null : pax.pieces().of(pax.number("GNU.sparse.size", -1));
    }

    /** In the header, and in blocks that follow it: 21 pieces each, and whether another one comes. */
    private static SparseMap old(TarInput in, byte[] header) throws IOException {
        SparseMap.Builder map = new SparseMap.Builder();
        long length = TarHeader.number(header, 483, 12);
        pieces(header, 386, 4, map);
        byte[] block = header;
        boolean another = header[482] != 0;
        while (another) {
            block = in.extension();
            pieces(block, 0, 21, map);
            another = block[504] != 0;
        }
        return map.of(length);
    }

    private static void pieces(byte[] block, int offset, int count, SparseMap.Builder map) {
        for (int at = offset; at < offset + count * 24; at += 24) {
            // The first that is empty ends the list.
            if (block[at] == 0 && block[at + 12] == 0) {
                return;
            }
            map.add(TarHeader.number(block, at, 12), TarHeader.number(block, at + 12, 12));
        }
    }

    /** {@code OFFSET,LENGTH,OFFSET,LENGTH…} in one record. */
    private static SparseMap listed(byte[] text, long length) {
        SparseMap.Builder map = new SparseMap.Builder();
        String[] numbers = new String(text, StandardCharsets.ISO_8859_1).split(",", -1);
        if (numbers.length % 2 != 0) {
            throw new DamagedArchive("the map of its holes has an odd number of numbers");
        }
        for (int i = 0; i < numbers.length; i += 2) {
            map.add(number(numbers[i]), number(numbers[i + 1]));
        }
        return map.of(length);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new DamagedArchive("the map of its holes holds no number where one is due");
        }
    }

    /** In lines before the content: how many pieces, then each one's offset and length; filled up to a whole block. */
    private static SparseMap inContent(TarInput in, long length) throws IOException {
        Lines lines = new Lines(in);
        long count = lines.number();
        if (count > SparseMap.MOST_PIECES) {
            throw new DamagedArchive("it has more than " + SparseMap.MOST_PIECES + " holes");
        }
        SparseMap.Builder map = new SparseMap.Builder();
        for (long i = 0; i < count; i++) {
            map.add(lines.number(), lines.number());
        }
        lines.finish();
        return map.of(length);
    }

    /** Numbers in lines, read from content by the byte and counted. */
    private static final class Lines {

        private final TarInput in;
        private final byte[] one = new byte[1];
        private int count;

        Lines(TarInput in) {
            this.in = in;
        }

        private byte next() throws IOException {
            if (in.left() == 0) {
                throw new DamagedArchive("the map of its holes ends early");
            }
            in.read(one, 0, 1);
            count = count + 1 & TarHeader.BLOCK - 1;
            return one[0];
        }

        long number() throws IOException {
            long value = 0;
            int digits = 0;
            for (byte b = next(); b != '\n'; b = next()) {
                if (b < '0' || b > '9' || ++digits > 18) {
                    throw new DamagedArchive("the map of its holes holds no number where one is due");
                }
                value = value * 10 + b - '0';
            }
            return value;
        }

        void finish() throws IOException {
            while (count != 0) {
                next();
            }
        }
    }
}
