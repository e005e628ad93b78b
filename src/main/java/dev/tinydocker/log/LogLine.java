package dev.tinydocker.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A line of the CRI log format, whose head is always as long:
 *
 * <pre>
 * 2026-11-23T14:44:03.083457295Z stdout F text
 * 0                              31     38 40
 * </pre>
 */
final class LogLine {

    static final int HEAD = 40;

    private static final int TIME = 30;
    private static final int STREAM = 31;
    private static final int KIND = 38;

    private LogLine() {
    }

    /** The entry, or empty where the bytes are no such line. */
    static Optional<LogEntry> parse(byte[] bytes, int from, int to) {
        if (!isLine(bytes, from, to)) {
            return Optional.empty();
        }
        String time = new String(bytes, from, TIME, StandardCharsets.US_ASCII);
        return Optional.of(new LogEntry(time, isStderr(bytes, from), isPartial(bytes, from),
                Arrays.copyOfRange(bytes, from + HEAD, to)));
    }

    static boolean isLine(byte[] bytes, int from, int to) {
        return to - from >= HEAD && bytes[from + TIME - 1] == 'Z' && bytes[from + TIME] == ' '
                && bytes[from + KIND - 1] == ' '
                && (bytes[from + KIND] == 'F' || bytes[from + KIND] == 'P') && bytes[from + HEAD - 1] == ' ';
    }

    static boolean isStderr(byte[] bytes, int from) {
        return bytes[from + STREAM + 3] == 'e';
    }

    static boolean isPartial(byte[] bytes, int from) {
        return bytes[from + KIND] == 'P';
    }
}
