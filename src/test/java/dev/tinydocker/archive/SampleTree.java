package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.FileBuffer;
import dev.tinydocker.linux.FileHandle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/** A tree with everything a layer can hold. As root. */
final class SampleTree {

    private static final Instant TIME = Instant.ofEpochSecond(1_234_567_890, 123_456_789);
    /** VFS_CAP_REVISION_2 with the effective bit, and CAP_NET_BIND_SERVICE permitted; capabilities(7). */
    private static final byte[] CAPABILITY = { 1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

    private SampleTree() {
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Fills an empty directory. */
    static void make(Path root) {
        try (DirectoryHandle top = DirectoryHandle.open(root); FileBuffer buffer = new FileBuffer(1 << 16)) {
            file(top, "plain", 0644, 1000, 1001, "text", buffer);
            file(top, "set-user-id", 04755, 0, 0, "program", buffer);
            file(top, "empty", 0000, 0, 4_000_000, "", buffer);
            file(top, "\u00e9\u00ff not UTF-8", 02644, 5, 0, "x", buffer);
            file(top, "n".repeat(255), 0640, (int) 4_000_000_000L, 1, "x".repeat(70_000 / 2), buffer);
            try (FileHandle able = top.create(bytes("able"), 0755)) {
                able.owner(1, 1);
                able.attribute("security.capability", CAPABILITY);
                able.attribute("user.note", new byte[] { 0, 1, 2, '\n', '=' });
                able.modified(TIME);
            }
            try (FileHandle noted = top.create(bytes("noted"), 0600)) {
                noted.attribute("user.long", bytes("v".repeat(3000)));
                noted.modified(TIME);
            }
            sparse(top, buffer);
            top.makeLink(bytes("hard"), top, bytes("plain"));
            top.makeSymbolicLink(bytes("link"), bytes("/nowhere/" + "t".repeat(150)));
            top.owner(bytes("link"), 7, 8);
            top.modified(bytes("link"), Instant.ofEpochSecond(-1, 5));
            top.makeNode(bytes("null"), 0020600, 1, 3);
            top.nodeMode(bytes("null"), 0666);
            top.makeNode(bytes("disk"), 0060600, 259, 1_000_000);
            top.modified(bytes("disk"), TIME);
            top.makeNode(bytes("pipe"), 0010600, 0, 0);
            top.owner(bytes("pipe"), 3, 3);
            top.makeDirectory(bytes("dir"), 0700);
            try (DirectoryHandle dir = top.directory(bytes("dir"))) {
                file(dir, "inside", 0600, 0, 0, "y", buffer);
                dir.makeLink(bytes("hard"), top, bytes("plain"));
                deep(dir, buffer);
                dir.owner(12, 13);
                dir.mode(03751);
                dir.attribute("user.dir", bytes("noted"));
                dir.modified(TIME);
            }
            top.mode(0711);
            top.modified(TIME);
        }
    }

    private static void deep(DirectoryHandle dir, FileBuffer buffer) {
        String name = "d".repeat(120);
        dir.makeDirectory(bytes(name), 0755);
        try (DirectoryHandle inner = dir.directory(bytes(name))) {
            file(inner, "f".repeat(130), 0644, 0, 0, "deep", buffer);
            inner.modified(TIME);
        }
    }

    /** A piece in the middle and one at the end, a hole before each; and a file that is a hole as a whole. */
    private static void sparse(DirectoryHandle top, FileBuffer buffer) {
        try (FileHandle file = top.create(bytes("sparse"), 0644)) {
            buffer.put(bytes("data".repeat(4096)), 0, 16384);
            file.write(buffer, 16384, 1 << 20);
            file.write(buffer, 10, (5L << 30) + 3);
            file.modified(TIME);
        }
        try (FileHandle file = top.create(bytes("hole"), 0644)) {
            file.length(1 << 22);
            file.modified(TIME);
        }
    }

    private static void file(DirectoryHandle in, String name, int mode, int user, int group, String text,
            FileBuffer buffer) {
        try (FileHandle file = in.create(bytes(name), 0600)) {
            buffer.put(bytes(text), 0, text.length());
            file.write(buffer, text.length(), 0);
            file.owner(user, group);
            file.mode(mode);
            file.modified(TIME);
        }
    }
}
