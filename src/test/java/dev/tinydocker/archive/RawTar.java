package dev.tinydocker.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Archives for tests byte by byte, those too that no program would write. */
final class RawTar {

    static final int UID = 108;
    static final int GID = 116;
    static final int SIZE = 124;
    static final int MAJOR = 329;
    static final int MINOR = 337;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    RawTar directory(String name, int mode) {
        return put(name, '5', "", mode, new byte[0], header -> { });
    }

    RawTar file(String name, String text) {
        return put(name, '0', "", 0644, text.getBytes(StandardCharsets.UTF_8), header -> { });
    }

    RawTar symlink(String name, String target) {
        return put(name, '2', target, 0777, new byte[0], header -> { });
    }

    RawTar link(String name, String target) {
        return put(name, '1', target, 0644, new byte[0], header -> { });
    }

    RawTar device(String name, char kind, int major, int minor) {
        return put(name, kind, "", 0640, new byte[0], header -> {
            TarHeader.octal(header, MAJOR, 8, major);
            TarHeader.octal(header, MINOR, 8, minor);
        });
    }

    /** A GNU header for what comes next: {@code L} its name, {@code K} its target. */
    RawTar gnu(char kind, String text) {
        return put("././@LongLink", kind, "", 0, (text + "\0").getBytes(StandardCharsets.UTF_8), header -> { });
    }

    /** POSIX's header for what comes next, its records given as KEY=VALUE. */
    RawTar pax(String... records) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (String record : records) {
            int equals = record.indexOf('=');
            PaxRecords.append(lines, record.substring(0, equals),
                    record.substring(equals + 1).getBytes(StandardCharsets.ISO_8859_1));
        }
        return put("pax", 'x', "", 0, lines.toByteArray(), header -> { });
    }

    /** @param changed the header, whose checksum is made afterwards */
    RawTar put(String name, char kind, String target, int mode, byte[] content, Consumer<byte[]> changed) {
        byte[] header = new byte[TarHeader.BLOCK];
        text(header, 0, name);
        TarHeader.octal(header, 100, 8, mode);
        TarHeader.octal(header, UID, 8, 1);
        TarHeader.octal(header, GID, 8, 2);
        TarHeader.octal(header, SIZE, 12, content.length);
        TarHeader.octal(header, 136, 12, 1_000_000_000L);
        header[156] = (byte) kind;
        text(header, 157, target);
        text(header, 257, "ustar\00000");
        changed.accept(header);
        TarHeader.sum(header);
        return raw(header).raw(content).raw(new byte[-content.length & 511]);
    }

    RawTar raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    private static void text(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    /** Without the end. */
    byte[] bytes() {
        return out.toByteArray();
    }

    InputStream stream() {
        return new ByteArrayInputStream(raw(new byte[1024]).bytes());
    }
}
