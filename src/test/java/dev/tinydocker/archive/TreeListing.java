package dev.tinydocker.archive;

import dev.tinydocker.linux.Descriptor;
import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.FileBuffer;
import dev.tinydocker.linux.FileHandle;
import dev.tinydocker.linux.FileStat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/** All that is known of the files of a directory, a line each: two of the same text are the same tree. */
final class TreeListing {

    private final StringBuilder lines = new StringBuilder();
    private final Map<Long, String> firstNames = new HashMap<>();
    private final boolean holes;

    private TreeListing(boolean holes) {
        this.holes = holes;
    }

    /** @param holes whether it matters what the files take on the disk */
    static String of(Path directory, boolean holes) {
        try (DirectoryHandle top = DirectoryHandle.open(directory)) {
            TreeListing listing = new TreeListing(holes);
            listing.add(".", top.stat(), listing.attributes(top));
            listing.directory(top, "");
            return listing.lines.toString();
        }
    }

    private void directory(DirectoryHandle directory, String path) {
        List<byte[]> names = directory.names();
        names.sort(Arrays::compareUnsigned);
        for (byte[] name : names) {
            FileStat stat = directory.stat(name);
            String inner = path + "/" + printable(name);
            if (stat.isDirectory()) {
                try (DirectoryHandle next = directory.directory(name)) {
                    add(inner, stat, attributes(next));
                    directory(next, inner);
                }
            } else if (stat.isSymbolicLink()) {
                add(inner, stat, " -> " + printable(directory.target(name)));
            } else if (stat.isRegular()) {
                try (FileHandle file = directory.file(name)) {
                    add(inner, stat, content(file, stat.size()) + attributes(file));
                }
            } else {
                add(inner, stat, " " + stat.major() + ":" + stat.minor());
            }
        }
    }

    private static String printable(byte[] name) {
        StringBuilder text = new StringBuilder();
        for (byte b : name) {
            text.append(b > ' ' && b < 0x7f && b != '%' ? String.valueOf((char) b) : String.format("%%%02x", b));
        }
        return text.toString();
    }

    private void add(String path, FileStat stat, String more) {
        String first = stat.isDirectory() ? path : firstNames.computeIfAbsent(stat.inode(), inode -> path);
        lines.append(path).append(String.format(" %o %d:%d ", stat.mode(), stat.user() & 0xffffffffL, stat.group()))
                .append(stat.modified()).append(stat.isDirectory() ? "" : " " + stat.size() + " links "
                        + stat.links())
                .append(first.equals(path) ? "" : " = " + first)
                .append(holes && stat.isRegular() ? " blocks " + stat.blocks() : "").append(more).append('\n');
    }

    /** Holes are passed over where it matters that they are holes. */
    private String content(FileHandle file, long size) {
        CRC32 crc = new CRC32();
        byte[] bytes = new byte[1 << 16];
        try (FileBuffer buffer = new FileBuffer(bytes.length)) {
            long at = 0;
            while (at < size) {
                OptionalLong data = holes ? file.data(at) : OptionalLong.of(at);
                if (data.isEmpty()) {
                    break;
                }
                at = data.getAsLong();
                crc.update(Long.toString(at).getBytes(StandardCharsets.US_ASCII));
                int count = file.read(buffer, bytes.length, at);
                buffer.get(bytes, 0, count);
                crc.update(ByteBuffer.wrap(bytes, 0, count));
                at += count;
            }
        }
        return " crc " + Long.toHexString(crc.getValue());
    }

    private String attributes(Descriptor file) {
        StringBuilder text = new StringBuilder();
        // Notes of ours on how it was unpacked are nothing of the tree.
        file.attributes().stream().filter(name -> !name.startsWith("trusted.overlay.impli")).sorted()
                .forEach(name -> text.append(' ').append(name).append('=').append(
                        HexFormat.of().formatHex(file.attribute(name).orElseThrow())));
        return text.toString();
    }
}
