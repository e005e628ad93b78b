package dev.tinydocker.archive;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What does not fit a header, as POSIX has it: lines {@code LENGTH KEY=VALUE}, where a value may hold anything. pax(1).
 */
final class PaxRecords {

    static final String ATTRIBUTE = "SCHILY.xattr.";

    private final Map<String, byte[]> values = new HashMap<>();
    private final Map<String, byte[]> attributes = new LinkedHashMap<>();
    private final SparseMap.Builder pieces = new SparseMap.Builder();
    private long pieceOffset;

    static PaxRecords parse(byte[] bytes) {
        PaxRecords records = new PaxRecords();
        int at = 0;
        while (at < bytes.length) {
            int blank = at;
            long length = 0;
            while (blank < bytes.length && bytes[blank] >= '0' && bytes[blank] <= '9' && blank - at < 9) {
                length = length * 10 + bytes[blank++] - '0';
            }
            int equals = blank;
            while (equals < bytes.length && bytes[equals] != '=') {
                equals++;
            }
            int end = (int) Math.min(at + length, Integer.MAX_VALUE);
            if (blank == at || end > bytes.length || equals >= end - 1 || bytes[blank] != ' '
                    || bytes[end - 1] != '\n') {
                throw new DamagedArchive("its extended header is not in lines of LENGTH KEY=VALUE");
            }
            records.put(new String(bytes, blank + 1, equals - blank - 1, StandardCharsets.UTF_8),
                    Arrays.copyOfRange(bytes, equals + 1, end - 1));
            at = end;
        }
        return records;
    }

    private void put(String key, byte[] value) {
        if (key.isEmpty() || key.indexOf(0) >= 0) {
            throw new DamagedArchive("its extended header has a key with a zero byte, or none");
        }
        if (key.startsWith(ATTRIBUTE)) {
            attributes.put(key.substring(ATTRIBUTE.length()), value);
            return;
        }
        for (byte b : value) {
            if (b == 0) {
                throw new DamagedArchive("its extended header has a zero byte in '" + TarEntry.said(key.getBytes(
                        StandardCharsets.UTF_8)) + "'");
            }
        }
        // The first of GNU's three ways to say where holes are: the same two keys again and again.
        if (key.equals("GNU.sparse.offset")) {
            pieceOffset = number(key, value);
        } else if (key.equals("GNU.sparse.numbytes")) {
            pieces.add(pieceOffset, number(key, value));
        }
        values.put(key, value);
    }

    /** A value; null where there is none or where it is empty, which means none. */
    byte @Nullable [] bytes(String key) {
        byte[] value = values.get(key);
        return value == null || value.length == 0 ? null : value;
    }

    Map<String, byte[]> attributes() {
        return attributes;
    }

    /** The pieces of the file, where they were given one by one. */
    SparseMap.Builder pieces() {
        return pieces;
    }

    long number(String key, long otherwise) {
        byte[] value = bytes(key);
        return value == null ? otherwise : number(key, value);
    }

    private static long number(String key, byte[] value) {
        try {
            return Long.parseLong(new String(value, StandardCharsets.ISO_8859_1).strip());
        } catch (NumberFormatException e) {
            throw new DamagedArchive("its extended header holds no number in '" + key + "'");
        }
    }

    /** A time in seconds with a fraction of any length; what is finer than a nanosecond is dropped. */
    Instant time(String key, Instant otherwise) {
        byte[] value = bytes(key);
        if (value == null) {
            return otherwise;
        }
        String text = new String(value, StandardCharsets.ISO_8859_1);
        boolean negative = text.startsWith("-");
        int point = text.indexOf('.');
        String whole = text.substring(negative ? 1 : 0, point < 0 ? text.length() : point);
        String fraction = point < 0 ? "" : text.substring(point + 1);
        if (whole.length() > 15 || !isDigits(whole) || !isDigits(fraction)) {
            throw new DamagedArchive("its extended header holds no time in '" + key + "'");
        }
        long seconds = whole.isEmpty() ? 0 : Long.parseLong(whole);
        long nanos = fraction.isEmpty() ? 0 : Long.parseLong((fraction + "00000000").substring(0, 9));
        return negative ? Instant.ofEpochSecond(-seconds, -nanos) : Instant.ofEpochSecond(seconds, nanos);
    }

    private static boolean isDigits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Appends a line; its length counts itself. */
    static void append(ByteArrayOutputStream out, String key, byte[] value) {
        byte[] text = (" " + key + "=").getBytes(StandardCharsets.UTF_8);
        int rest = text.length + value.length + 1;
        int length = rest + String.valueOf(rest).length();
        if (String.valueOf(length).length() > String.valueOf(rest).length()) {
            length++;
        }
        out.writeBytes(String.valueOf(length).getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(text);
        out.writeBytes(value);
        out.write('\n');
    }
}
