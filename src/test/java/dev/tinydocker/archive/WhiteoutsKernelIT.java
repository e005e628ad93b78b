package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Whether the kernel takes our deletions for deletions, and we the kernel's. As root, with overlayfs. */
class WhiteoutsKernelIT {

    @TempDir
    Path directory;
    private boolean mounted;
    private int layers;

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            run("umount", directory.resolve("merged").toString());
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(List.of(command).toString()).isZero();
    }

    private Path layer(byte[] tar) throws IOException {
        Path layer = Files.createDirectory(directory.resolve("l" + layers++));
        LayerReader.unpack(new ByteArrayInputStream(tar), layer, Limits.DEFAULT, Whiteouts.OVERLAY);
        return layer;
    }

    /** @param lower topmost first */
    private Path merged(Path upper, List<Path> lower) throws Exception {
        Path merged = directory.resolve("merged");
        Files.createDirectories(merged);
        Files.createDirectories(directory.resolve("work"));
        if (mounted) {
            run("umount", merged.toString());
            mounted = false;
        }
        run("mount", "-t", "overlay", "overlay", "-o", "lowerdir=" + String.join(":", lower.stream().map(
                Path::toString).toList()) + ",upperdir=" + upper + ",workdir=" + directory.resolve("work"),
                merged.toString());
        mounted = true;
        return merged;
    }

    private static List<String> names(Path top) throws IOException {
        try (Stream<Path> paths = Files.walk(top)) {
            return paths.filter(path -> !path.equals(top)).map(path -> top.relativize(path).toString()).sorted()
                    .toList();
        }
    }

    @Test
    void whatALayerDeletesIsGoneForTheKernelAndComesBackAsOurDeletion() throws Exception {
        Path bottom = layer(new RawTar().file("etc/passwd", "").file("etc/group", "").file("opt/a", "")
                .file("opt/b", "")
                .file("old/x", "").file("new/below", "").file("plain", "").bytes());
        Path middle = layer(new RawTar().file("etc/.wh.group", "").file(".wh.old", "").file("opt/.wh..wh..opq", "")
                .file("opt/c", "").file(".wh.new", "").directory("new", 0755).file("new/fresh", "").bytes());
        Path upper = Files.createDirectory(directory.resolve("upper"));
        Path merged = merged(upper, List.of(middle, bottom));

        assertThat(names(merged)).containsExactly("etc", "etc/passwd", "new", "new/fresh", "opt", "opt/c", "plain");

        // Now the kernel deletes, and makes a directory in the place of a deleted one.
        Files.delete(merged.resolve("plain"));
        Files.delete(merged.resolve("new/fresh"));
        Files.delete(merged.resolve("new"));
        Files.createDirectory(merged.resolve("new"));
        Files.writeString(merged.resolve("etc/passwd"), "changed");
        Files.createFile(merged.resolve("etc/made"));
        List<String> expected = names(merged);
        run("umount", merged.toString());
        mounted = false;

        List<String> changes = new ArrayList<>();
        LayerChanges.of(upper, List.of(middle, bottom), change -> changes.add(change.toString()));
        assertThat(changes).containsExactly("C /etc", "A /etc/made", "C /etc/passwd", "C /new", "D /new/fresh", "D /plain");
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        LayerWriter.pack(upper, tar, Whiteouts.OVERLAY);
        Path top = layer(tar.toByteArray());
        Path again = merged(Files.createDirectory(directory.resolve("upper2")), List.of(top, middle, bottom));
        assertThat(names(again)).isEqualTo(expected);
        assertThat(again.resolve("etc/passwd")).hasContent("changed");
    }

    @Test
    void aStackOfLayersIsPackedAsTheKernelShowsIt() throws Exception {
        Path bottom = layer(new RawTar().file("etc/passwd", "p").file("etc/group", "g").file("opt/a", "")
                .file("opt/b", "")
                .file("file/below", "").file("back", "old").symlink("link", "etc").file("deep/1/2/3", "x").bytes());
        Path middle = layer(new RawTar().file("etc/.wh.group", "").file("opt/.wh..wh..opq", "").file("opt/c", "")
                .file(".wh.back", "").file("file", "now a file").file("link/inside", "").file("deep/1/.wh.2", "")
                .bytes());
        Path upper = Files.createDirectory(directory.resolve("upper"));
        Path merged = merged(upper, List.of(middle, bottom));
        Files.writeString(merged.resolve("etc/passwd"), "changed");
        Files.delete(merged.resolve("opt/c"));
        Files.writeString(merged.resolve("back"), "new");
        Files.createLink(merged.resolve("hard"), merged.resolve("back"));
        Files.createDirectories(merged.resolve("deep/1/2"));
        Files.setAttribute(merged.resolve("back"), "user:note", "kept".getBytes(StandardCharsets.UTF_8));

        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        LayerWriter.packMerged(List.of(upper, middle, bottom), tar, "/etc/hosts"::equals);
        Path flat = layer(tar.toByteArray());
        assertThat(TreeListing.of(flat, true)).isEqualTo(TreeListing.of(merged, true));
    }
}
