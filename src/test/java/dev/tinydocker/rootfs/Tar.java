package dev.tinydocker.rootfs;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Archives for tests, hostile ones too: names are written as they are given. */
final class Tar implements AutoCloseable {

    private final TarArchiveOutputStream out;

    Tar(Path file) throws IOException {
        out = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)), "UTF-8");
        out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    Tar directory(String name, int mode) throws IOException {
        return put(entry(name + "/", TarConstants.LF_DIR), mode, "");
    }

    Tar file(String name, int mode, String text) throws IOException {
        return put(entry(name, TarConstants.LF_NORMAL), mode, text);
    }

    Tar symlink(String name, String target) throws IOException {
        TarArchiveEntry entry = entry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        return put(entry, 0777, "");
    }

    Tar link(String name, String target) throws IOException {
        TarArchiveEntry entry = entry(name, TarConstants.LF_LINK);
        entry.setLinkName(target);
        return put(entry, 0644, "");
    }

    Tar device(String name) throws IOException {
        TarArchiveEntry entry = entry(name, TarConstants.LF_BLK);
        entry.setDevMajor(8);
        return put(entry, 0666, "");
    }

    private static TarArchiveEntry entry(String name, byte kind) {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        entry.setIds(1, 2);
        entry.setModTime(1_000_000_000_000L);
        return entry;
    }

    private Tar put(TarArchiveEntry entry, int mode, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        entry.setMode(mode);
        entry.setSize(content.length);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
        return this;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
