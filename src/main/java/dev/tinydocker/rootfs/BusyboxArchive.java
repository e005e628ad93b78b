package dev.tinydocker.rootfs;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;

/**
 * A root file system made of one program: a static busybox, a link to it for each of its applets, and the few files
 * programs expect.
 */
final class BusyboxArchive {

    private static final Map<String, Integer> DIRECTORIES = new LinkedHashMap<>();
    private static final Map<String, String> FILES = Map.of(
            "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
            "etc/group", "root:x:0:\ntty:x:5:\nnobody:x:65534:\n",
            "etc/hosts", "127.0.0.1\tlocalhost\n");

    static {
        for (String directory : List.of("bin", "dev", "etc", "home", "proc", "run", "sbin", "sys", "usr", "usr/bin",
                "usr/sbin", "var")) {
            DIRECTORIES.put(directory, 0755);
        }
        DIRECTORIES.put("root", 0700);
        DIRECTORIES.put("tmp", 01777);
    }

    private BusyboxArchive() {
    }

    /** Writes the archive. The program is executed once, to be asked for its applets. */
    static void write(Path busybox, Path archive) throws IOException {
        String applets = Command.run(List.of(busybox.toString(), "--list-full"), Path.of("/"));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out), "UTF-8")) {
            for (Map.Entry<String, Integer> directory : DIRECTORIES.entrySet()) {
                put(tar, new TarArchiveEntry(directory.getKey() + "/"), directory.getValue(), new byte[0]);
            }
            put(tar, new TarArchiveEntry("bin/busybox"), 0755, Files.readAllBytes(busybox));
            for (String file : new TreeSet<>(FILES.keySet())) {
                put(tar, new TarArchiveEntry(file), 0644, FILES.getOrDefault(file, "")
                        .getBytes(StandardCharsets.UTF_8));
            }
            for (String applet : applets.lines().toList()) {
                int slash = applet.lastIndexOf('/');
                // Only where a directory was made for it; linuxrc, in the root, is of no use here.
                if (slash > 0 && DIRECTORIES.containsKey(applet.substring(0, slash)) && !applet.equals("bin/busybox")) {
                    TarArchiveEntry link = new TarArchiveEntry(applet, TarConstants.LF_SYMLINK);
                    link.setLinkName("../".repeat((int) applet.chars().filter(c -> c == '/').count()) + "bin/busybox");
                    put(tar, link, 0777, new byte[0]);
                }
            }
        }
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode, byte[] content)
            throws IOException {
        entry.setMode(mode);
        entry.setIds(0, 0);
        entry.setModTime(0);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /**
     * Whether the program runs without a loader and libraries: a 64-bit ELF file, elf(5), without a PT_INTERP segment.
     */
    static boolean isStatic(Path program) {
        try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "r")) {
            byte[] head = new byte[64];
            file.readFully(head);
            if (head[0] != 0x7f || head[1] != 'E' || head[2] != 'L' || head[3] != 'F' || head[4] != 2) {
                return false;
            }
            long segments = little(head, 32, 8);
            int size = (int) little(head, 54, 2);
            int count = (int) little(head, 56, 2);
            for (int i = 0; i < count; i++) {
                byte[] type = new byte[4];
                file.seek(segments + (long) i * size);
                file.readFully(type);
                if (little(type, 0, 4) == 3) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static long little(byte[] bytes, int offset, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | bytes[offset + i] & 0xff;
        }
        return value;
    }
}
