package dev.tinydocker.archive;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/**
 * An entry of an archive.
 *
 * @param kind as in the header, {@link TarHeader#FILE} and the like
 * @param name as it was written, not checked
 * @param link the target of a link, else empty
 * @param user 32 bits without a sign, as {@code group}
 * @param stored the bytes that follow in the archive
 * @param attributes extended ones, by name
 * @param sparse where the stored bytes belong; null where they are the file from its beginning
 */
record TarEntry(byte kind, byte[] name, byte[] link, int mode, int user, int group, Instant modified, long stored,
        int major, int minor, Map<String, byte[]> attributes, @Nullable SparseMap sparse) {

    /** The name for a message: printable, and not endless. */
    String said() {
        return said(name);
    }

    static String said(byte[] name) {
        StringBuilder text = new StringBuilder();
        new String(name, StandardCharsets.UTF_8).codePoints().limit(200)
                .forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return text.toString();
    }
}
