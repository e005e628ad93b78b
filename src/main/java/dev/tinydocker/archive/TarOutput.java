package dev.tinydocker.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes a tar archive as POSIX has it, with an extended header only where an entry needs one; holes are said as GNU
 * tar says them in a POSIX archive, its version 1.0. The same entries give the same bytes.
 */
final class TarOutput {

    private static final int NAME = 100;
    private static final int SHORT = 8;
    private static final int LONG = 12;

    private final OutputStream out;
    private long padding;

    TarOutput(OutputStream out) {
        this.out = out;
    }

    /** Writes the headers; the caller then writes {@code stored} bytes of content, and calls {@link #filled}. */
    void begin(TarEntry entry) throws IOException {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        SparseMap sparse = entry.sparse();
        byte[] map = sparse == null ? new byte[0] : map(sparse);
        long size = entry.stored() + map.length;
        byte[] name = entry.name();
        if (sparse != null) {
            PaxRecords.append(records, "GNU.sparse.major", bytes("1"));
            PaxRecords.append(records, "GNU.sparse.minor", bytes("0"));
            PaxRecords.append(records, "GNU.sparse.name", name);
            PaxRecords.append(records, "GNU.sparse.realsize", bytes(sparse.length()));
            // What a program that knows nothing of holes unpacks under this name is not the file.
            name = concat(bytes("GNUSparseFile.0/"), name);
        }
        byte[] header = new byte[TarHeader.BLOCK];
        text(records, "path", name, header, 0);
        text(records, "linkpath", entry.link(), header, 157);
        number(records, "uid", entry.user() & 0xffffffffL, header, 108, SHORT);
        number(records, "gid", entry.group() & 0xffffffffL, header, 116, SHORT);
        number(records, "size", size, header, 124, LONG);
        time(records, entry.modified(), header);
        TarHeader.octal(header, 100, SHORT, entry.mode());
        TarHeader.octal(header, 329, SHORT, entry.major());
        TarHeader.octal(header, 337, SHORT, entry.minor());
        for (Map.Entry<String, byte[]> attribute : entry.attributes().entrySet()) {
            PaxRecords.append(records, PaxRecords.ATTRIBUTE + attribute.getKey(), attribute.getValue());
        }
        if (records.size() > 0) {
            extended(records.toByteArray());
        }
        write(header, entry.kind());
        out.write(map);
        padding = -size & TarHeader.BLOCK - 1;
    }

    /** Ends the entry. */
    void filled() throws IOException {
        out.write(new byte[(int) padding]);
    }

    /** Ends the archive. */
    void finish() throws IOException {
        out.write(new byte[2 * TarHeader.BLOCK]);
    }

    private void extended(byte[] records) throws IOException {
        byte[] header = new byte[TarHeader.BLOCK];
        System.arraycopy(bytes("PaxHeaders.0"), 0, header, 0, 12);
        TarHeader.octal(header, 100, SHORT, 0644);
        TarHeader.octal(header, 108, SHORT, 0);
        TarHeader.octal(header, 116, SHORT, 0);
        TarHeader.octal(header, 124, LONG, records.length);
        TarHeader.octal(header, 136, LONG, 0);
        write(header, TarHeader.PAX);
        out.write(Arrays.copyOf(records, records.length + (-records.length & TarHeader.BLOCK - 1)));
    }

    private void write(byte[] header, byte kind) throws IOException {
        header[156] = kind;
        System.arraycopy(bytes("ustar\00000"), 0, header, 257, 8);
        TarHeader.sum(header);
        out.write(header);
    }

    private static void text(ByteArrayOutputStream records, String key, byte[] text, byte[] header, int offset) {
        if (text.length > NAME) {
            PaxRecords.append(records, key, text);
        }
        System.arraycopy(text, 0, header, offset, Math.min(text.length, NAME));
    }

    private static void number(ByteArrayOutputStream records, String key, long value, byte[] header, int offset,
            int length) {
        boolean fits = value <= TarHeader.largest(length);
        if (!fits) {
            PaxRecords.append(records, key, bytes(value));
        }
        TarHeader.octal(header, offset, length, fits ? value : 0);
    }

    private static void time(ByteArrayOutputStream records, Instant time, byte[] header) {
        long seconds = time.getEpochSecond();
        boolean fits = seconds >= 0 && seconds <= TarHeader.largest(LONG);
        if (!fits || time.getNano() != 0) {
            PaxRecords.append(records, "mtime", bytes(text(time)));
        }
        TarHeader.octal(header, 136, LONG, fits ? seconds : 0);
    }

    /** Seconds with as many digits of a fraction as it has; before 1970 both count backwards. */
    private static String text(Instant time) {
        boolean negative = time.getEpochSecond() < 0;
        long seconds = time.getEpochSecond();
        long nanos = time.getNano();
        if (negative) {
            seconds = nanos == 0 ? -seconds : -seconds - 1;
            nanos = nanos == 0 ? 0 : 1_000_000_000L - nanos;
        }
        String fraction = nanos == 0 ? "" : ("." + String.valueOf(1_000_000_000L + nanos).substring(1)).replaceAll(
                "0+$", "");
        return (negative ? "-" : "") + seconds + fraction;
    }

    private static byte[] map(SparseMap sparse) {
        StringBuilder lines = new StringBuilder().append(sparse.pairs().length / 2).append('\n');
        for (long number : sparse.pairs()) {
            lines.append(number).append('\n');
        }
        int length = lines.length();
        return Arrays.copyOf(bytes(lines.toString()), length + (-length & TarHeader.BLOCK - 1));
    }

    private static byte[] concat(byte[] one, byte[] two) {
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(long number) {
        return bytes(String.valueOf(number));
    }
}
