package dev.tinydocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

/** As root, since owners are set. */
class UnpackerIT {

    @TempDir
    Path directory;
    private Path archive;
    private Path root;
    private Path outside;

    @BeforeEach
    void somethingOutsideToReach() throws IOException {
        archive = directory.resolve("a.tar.gz");
        root = Files.createDirectory(directory.resolve("root"));
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "untouched");
    }

    private interface Content {
        void into(Tar tar) throws IOException;
    }

    private void unpack(Content content) throws IOException {
        try (Tar tar = new Tar(archive)) {
            content.into(tar);
        }
        Unpacker.unpack(archive, root, 10_000);
    }

    private void assertRefused(String why, Content content) throws IOException {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> unpack(content)).withMessageContaining(why)
                .withMessageContaining(archive.toString());
        assertThat(outside.resolve("secret")).hasContent("untouched");
        try (Stream<Path> left = Files.list(outside)) {
            assertThat(left).containsExactly(outside.resolve("secret"));
        }
    }

    @Test
    void modesOwnersTimesAndLinksAreAsInTheArchive() throws IOException {
        unpack(tar -> tar.directory("./", 0755).directory("./locked", 0500).file("./locked/tool", 04755, "x")
                .directory("tmp", 01777)
                .file("locked/" + "n".repeat(200), 0640, "long").symlink("link", "/locked/tool")
                .link("hard", "./locked/tool")
                .file("without/parent", 0600, "made"));

        assertThat(mode("locked")).isEqualTo(0500);
        assertThat(mode("locked/tool")).isEqualTo(04755);
        assertThat(mode("tmp")).isEqualTo(01777);
        assertThat(Files.getAttribute(root.resolve("locked/tool"), "unix:uid")).isEqualTo(1);
        assertThat(Files.getAttribute(root.resolve("locked/tool"), "unix:gid")).isEqualTo(2);
        assertThat(Files.getAttribute(root.resolve("link"), "unix:uid", LinkOption.NOFOLLOW_LINKS)).isEqualTo(1);
        assertThat(Files.readSymbolicLink(root.resolve("link"))).hasToString("/locked/tool");
        assertThat(Files.isSameFile(root.resolve("hard"), root.resolve("locked/tool"))).isTrue();
        assertThat(Files.getLastModifiedTime(root.resolve("locked")))
                .isEqualTo(FileTime.fromMillis(1_000_000_000_000L));
        assertThat(root.resolve("without/parent")).hasContent("made");
        assertThat(root.resolve("locked/" + "n".repeat(200))).hasContent("long");
    }

    @Test
    void devicesAreLeftOut() throws IOException {
        unpack(tar -> tar.device("dev/sda").file("file", 0644, "x"));
        assertThat(root.resolve("dev/sda")).doesNotExist();
        assertThat(root.resolve("file")).exists();
    }

    @Test
    void noNameLeadsOut() throws IOException {
        assertRefused("leads out", tar -> tar.file("../outside/secret", 0644, "x"));
        assertRefused("leads out", tar -> tar.file("a/../../outside/secret", 0644, "x"));
        assertRefused("not a path", tar -> tar.file(outside.resolve("secret").toString(), 0644, "x"));
        assertRefused("leads out", tar -> tar.directory("..", 0777));
    }

    @Test
    void noNameGoesThroughALink() throws IOException {
        assertRefused("through a link", tar -> tar.symlink("way", outside.toString()).file("way/secret", 0644, "x"));
        assertRefused("through a link", tar -> tar.symlink("way2", "../outside").directory("way2/new", 0755));
        assertRefused("through a link", tar -> tar.symlink("way3", outside.toString()).link("copy", "way3/secret"));
    }

    @Test
    void nothingIsWrittenThroughALinkInItsPlace() throws IOException {
        unpack(tar -> tar.symlink("file", outside.resolve("secret").toString()).file("file", 0666, "mine"));

        assertThat(root.resolve("file")).isRegularFile().hasContent("mine");
        assertThat(Files.isSymbolicLink(root.resolve("file"))).isFalse();
        assertThat(outside.resolve("secret")).hasContent("untouched");
    }

    @Test
    void aHardLinkToALinkOrOutOfTheArchiveIsRefused() throws IOException {
        assertRefused("link to no file", tar -> tar.symlink("to", outside.resolve("secret").toString())
                .link("hard", "to"));
        assertRefused("leads out", tar -> tar.link("hard2", "../outside/secret"));
        assertRefused("link to no file", tar -> tar.link("hard3", "missing"));
    }

    @Test
    void aDirectoryInThePlaceOfALinkIsRefused() throws IOException {
        assertRefused("something else", tar -> tar.symlink("d", outside.toString()).directory("d", 0777));
        assertRefused("something else", tar -> tar.directory("e", 0777).file("e", 0666, "x"));
    }

    @Test
    void anArchiveThatGrowsTooLargeIsRefused() throws IOException {
        assertRefused("more than 10000 bytes", tar -> tar.file("zeros", 0644, "0".repeat(10_001)));
    }

    @Test
    void whatIsNoArchiveFails() throws IOException {
        Files.writeString(archive, "no gzip");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> Unpacker.unpack(archive, root));
    }

    private int mode(String path) throws IOException {
        return (int) Files.getAttribute(root.resolve(path), "unix:mode") & 07777;
    }
}
