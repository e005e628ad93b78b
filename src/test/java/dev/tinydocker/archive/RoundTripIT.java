package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What goes into an archive comes out of it, by us and by others. As root. */
class RoundTripIT {

    @TempDir
    Path directory;
    private Path tree;
    private Path copy;
    private Path archive;

    @BeforeEach
    void directories() throws IOException {
        tree = Files.createDirectory(directory.resolve("tree"));
        copy = Files.createDirectory(directory.resolve("copy"));
        archive = directory.resolve("layer.tar");
    }

    private void pack(Path from, Whiteouts whiteouts) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive))) {
            LayerWriter.pack(from, out, whiteouts);
        }
    }

    private void unpack(Whiteouts whiteouts) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive))) {
            LayerReader.unpack(in, copy, Limits.DEFAULT, whiteouts);
        }
    }

    private void run(String... command) throws Exception {
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                return e.toString();
            }
        }).isZero();
    }

    @Test
    void everythingComesBackAsItWas() throws IOException {
        SampleTree.make(tree);
        pack(tree, Whiteouts.NONE);
        unpack(Whiteouts.NONE);

        assertThat(TreeListing.of(copy, true)).isEqualTo(TreeListing.of(tree, true));
        // The five gigabytes are holes, in the archive and on the disk.
        assertThat(Files.size(archive)).isLessThan(200_000);
        try (DirectoryHandle top = DirectoryHandle.open(copy)) {
            FileStat sparse = top.stat(SampleTree.bytes("sparse"));
            assertThat(sparse.size()).isEqualTo((5L << 30) + 13);
            assertThat(sparse.blocks()).isLessThan(100);
        }
    }

    @Test
    void theSameTreeGivesTheSameArchive() throws IOException {
        SampleTree.make(tree);
        pack(tree, Whiteouts.NONE);
        byte[] first = Files.readAllBytes(archive);
        unpack(Whiteouts.NONE);
        pack(copy, Whiteouts.NONE);

        assertThat(Files.readAllBytes(archive)).isEqualTo(first);
    }

    @Test
    void otherProgramsMakeTheSameTreeOfOurArchive() throws Exception {
        SampleTree.make(tree);
        pack(tree, Whiteouts.NONE);
        run("tar", "--xattrs", "--xattrs-include=*", "--numeric-owner", "-xpf", archive.toString(), "-C",
                copy.toString());

        assertThat(TreeListing.of(copy, true)).isEqualTo(TreeListing.of(tree, true));
    }

    @Test
    void weMakeTheSameTreeOfOtherProgramsArchives() throws Exception {
        SampleTree.make(tree);
        String expected = TreeListing.of(tree, true);
        for (String[] format : new String[][] { { "--format=pax", "--sparse-version=0.0" },
                { "--format=pax", "--sparse-version=0.1" }, { "--format=pax", "--sparse-version=1.0" } }) {
            run("tar", "--xattrs", "--xattrs-include=*", "--numeric-owner", "-S", format[0], format[1], "-cf",
                    archive.toString(), "-C", tree.toString(), ".");
            unpack(Whiteouts.NONE);
            assertThat(TreeListing.of(copy, true)).as(format[1]).isEqualTo(expected);
            try (DirectoryHandle top = DirectoryHandle.open(directory)) {
                top.removeAll(SampleTree.bytes("copy"));
            }
            Files.createDirectory(copy);
        }
        // GNU's own format knows neither attributes, for which one file took a block, nor parts of a second.
        run("tar", "--numeric-owner", "-S", "--format=gnu", "-cf", archive.toString(), "-C", tree.toString(), ".");
        unpack(Whiteouts.NONE);
        String coarse = expected.replaceAll("\\.\\d+Z", "Z").replaceAll(" (user|security)\\.\\S+", "")
                .replace(" 0 links 1 blocks 8 ", " 0 links 1 blocks 0 ");
        assertThat(TreeListing.of(copy, true)).isEqualTo(coarse);
    }

    @Test
    void umociMakesTheSameTreeOfALayer() throws Exception {
        SampleTree.make(tree);
        // Read with holes, but written without.
        pack(tree, Whiteouts.NONE);
        unpack(Whiteouts.NONE);
        Files.delete(tree.resolve("sparse"));
        Files.delete(copy.resolve("sparse"));
        Files.setLastModifiedTime(tree, Files.getLastModifiedTime(tree.resolve("plain")));
        Files.setLastModifiedTime(copy, Files.getLastModifiedTime(tree.resolve("plain")));
        pack(tree, Whiteouts.OVERLAY);
        run("umoci", "init", "--layout", "image");
        run("umoci", "new", "--image", "image:one");
        run("umoci", "raw", "add-layer", "--image", "image:one", archive.toString());
        run("umoci", "raw", "unpack", "--image", "image:one", directory.resolve("umoci").toString());

        assertThat(TreeListing.of(copy, false)).isEqualTo(TreeListing.of(directory.resolve("umoci"), false));
    }

    @Test
    void deletionsGoAroundAsWell() throws IOException {
        try (DirectoryHandle top = DirectoryHandle.open(tree)) {
            top.makeNode(SampleTree.bytes("gone"), 0020000, 0, 0);
            top.makeDirectory(SampleTree.bytes("etc"), 0755);
            try (DirectoryHandle etc = top.directory(SampleTree.bytes("etc"))) {
                etc.makeNode(SampleTree.bytes("passwd"), 0020000, 0, 0);
                etc.attribute(Whiteouts.OPAQUE, Whiteouts.YES);
                etc.attribute("trusted.overlay.origin", new byte[] { 1 });
            }
        }
        pack(tree, Whiteouts.OVERLAY);
        unpack(Whiteouts.OVERLAY);

        try (DirectoryHandle top = DirectoryHandle.open(copy);
                DirectoryHandle etc = top.directory(SampleTree.bytes("etc"))) {
            assertThat(top.stat(SampleTree.bytes("gone")).isWhiteout()).isTrue();
            assertThat(etc.stat(SampleTree.bytes("passwd")).isWhiteout()).isTrue();
            assertThat(etc.attributes()).containsExactly(Whiteouts.OPAQUE);
        }
        assertThat(new String(Files.readAllBytes(archive), StandardCharsets.ISO_8859_1))
                .contains(".wh.gone", "etc/.wh..wh..opq", "etc/.wh.passwd");
    }

    @Test
    void whatALayerCannotSayIsRefused() throws IOException {
        Files.createFile(tree.resolve(".wh.file"));
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> pack(tree, Whiteouts.OVERLAY))
                .withMessageContaining("'.wh.file'");

        Files.delete(tree.resolve(".wh.file"));
        Files.createDirectory(tree.resolve("renamed"));
        try (DirectoryHandle renamed = DirectoryHandle.open(tree.resolve("renamed"))) {
            renamed.attribute(Whiteouts.REDIRECT, SampleTree.bytes("/old"));
        }
        assertThatExceptionOfType(SystemFailure.class).isThrownBy(() -> pack(tree, Whiteouts.OVERLAY))
                .withMessageContaining("'renamed'");
    }
}
