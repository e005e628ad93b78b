package dev.tinydocker.log;

/**
 * One line, or a part of one, as it was written.
 *
 * @param time as logged, RFC 3339 with nine digits, UTC
 * @param stderr on standard error, else standard output
 * @param partial the line goes on in the next entry of the same stream
 */
public record LogEntry(String time, boolean stderr, boolean partial, byte[] text) {
}
