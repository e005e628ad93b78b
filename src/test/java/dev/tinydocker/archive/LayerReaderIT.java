package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.FileHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** As root, since owners are set and devices made. */
class LayerReaderIT {

    @TempDir
    Path root;

    private Unpacked unpack(RawTar tar, Whiteouts whiteouts) throws IOException {
        return LayerReader.unpack(tar.stream(), root, Limits.DEFAULT, whiteouts);
    }

    private Object attribute(String path, String name) throws IOException {
        return Files.getAttribute(root.resolve(path), "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    }

    private int mode(String path) throws IOException {
        return (int) attribute(path, "mode");
    }

    private String opaque(String path) {
        try (DirectoryHandle directory = DirectoryHandle.open(root.resolve(path))) {
            return directory.attribute(Whiteouts.OPAQUE).map(v -> new String(v, StandardCharsets.US_ASCII)).orElse("");
        }
    }

    @Test
    void modesOwnersTimesAndLinksAreAsInTheArchive() throws IOException {
        String longName = "n".repeat(200);
        Unpacked unpacked = unpack(new RawTar().directory("./", 0750).directory("./locked/", 0500)
                .put("./locked/tool", '0', "", 04755, "tool".getBytes(StandardCharsets.UTF_8), header -> { })
                .directory("tmp", 01777).gnu('L', "locked/" + longName).file("cut", "long")
                .symlink("link", "/locked/tool").link("hard", "./locked/tool").link("linked-link", "link")
                .file("without/parent", "made").device("dev/sda", '4', 8, 1).device("dev/pts", '3', 136, 70_000)
                .device("pipe", '6', 0, 0), Whiteouts.OVERLAY);

        assertThat(unpacked).isEqualTo(new Unpacked(12, 12));
        assertThat(mode("") & 07777).isEqualTo(0750);
        assertThat(mode("locked") & 07777).isEqualTo(0500);
        assertThat(mode("locked/tool") & 07777).isEqualTo(04755);
        assertThat(mode("tmp") & 07777).isEqualTo(01777);
        for (String path : List.of("", "locked", "locked/tool", "tmp", "link", "dev/sda", "pipe", "hard")) {
            assertThat(attribute(path, "uid")).as(path).isEqualTo(1);
            assertThat(attribute(path, "gid")).as(path).isEqualTo(2);
            assertThat(attribute(path, "lastModifiedTime")).as(path).hasToString("2001-09-09T01:46:40Z");
        }
        assertThat(root.resolve("locked/" + longName)).hasContent("long");
        assertThat(Files.readSymbolicLink(root.resolve("link"))).hasToString("/locked/tool");
        assertThat(attribute("hard", "ino")).isEqualTo(attribute("locked/tool", "ino"));
        assertThat(attribute("linked-link", "ino")).isEqualTo(attribute("link", "ino"));
        assertThat(root.resolve("without/parent")).hasContent("made");
        try (DirectoryHandle dev = DirectoryHandle.open(root.resolve("dev"))) {
            assertThat(dev.stat("sda".getBytes(StandardCharsets.US_ASCII))).satisfies(stat -> {
                assertThat(stat.isBlockDevice()).isTrue();
                assertThat(List.of(stat.major(), stat.minor(), stat.permissions())).containsExactly(8, 1, 0640);
            });
            assertThat(dev.stat("pts".getBytes(StandardCharsets.US_ASCII))).satisfies(stat -> {
                assertThat(stat.isCharacterDevice()).isTrue();
                assertThat(List.of(stat.major(), stat.minor())).containsExactly(136, 70_000);
            });
        }
        assertThat(mode("pipe") & 0170000).isEqualTo(0010000);
    }

    @Test
    void posixRecordsSayWhatAHeaderCannot() throws IOException {
        unpack(new RawTar().pax("path=e/" + "p".repeat(300 - 60), "mtime=1234567890.123456789", "uid=4000000000",
                "gid=70000", "SCHILY.xattr.user.note=a\0b", "SCHILY.xattr.trusted.overlay.redirect=/etc",
                "SCHILY.xattr.security.selinux=x").file("short", "text").pax("linkpath=" + "t".repeat(200),
                        "mtime=-1.5").symlink("link", "cut"),
                Whiteouts.OVERLAY);

        String path = "e/" + "p".repeat(240);
        assertThat(root.resolve(path)).hasContent("text");
        assertThat(attribute(path, "uid")).isEqualTo((int) 4_000_000_000L);
        assertThat(attribute(path, "gid")).isEqualTo(70_000);
        assertThat(attribute(path, "lastModifiedTime")).hasToString("2009-02-13T23:31:30.123456789Z");
        assertThat(Files.readSymbolicLink(root.resolve("link")).toString()).isEqualTo("t".repeat(200));
        try (DirectoryHandle top = DirectoryHandle.open(root.resolve("e"));
                FileHandle file = top.file("p".repeat(240).getBytes(StandardCharsets.US_ASCII))) {
            assertThat(file.attributes()).containsExactly("user.note");
            assertThat(file.attribute("user.note")).hasValue(new byte[] { 'a', 0, 'b' });
        }
        try (DirectoryHandle top = DirectoryHandle.open(root)) {
            assertThat(top.stat("link".getBytes(StandardCharsets.US_ASCII)).modified())
                    .isEqualTo(Instant.ofEpochSecond(-2, 500_000_000));
        }
    }

    @Test
    void aNameMayBeAnyBytes() throws IOException {
        unpack(new RawTar().put("x", '0', "", 0644, new byte[0], header -> header[0] = (byte) 0xff),
                Whiteouts.OVERLAY);

        try (DirectoryHandle top = DirectoryHandle.open(root)) {
            assertThat(top.names()).containsExactly(new byte[] { (byte) 0xff });
        }
    }

    @Test
    void deletionsAreKeptAsOverlayfsHasThem() throws IOException {
        unpack(new RawTar().directory("etc", 0755).file("etc/.wh.passwd", "").file("var/.wh..wh..opq", "")
                .directory(".wh..wh.plnk", 0755).file(".wh..wh.plnk/1.2", "aufs"), Whiteouts.OVERLAY);

        try (DirectoryHandle etc = DirectoryHandle.open(root.resolve("etc"))) {
            assertThat(etc.stat("passwd".getBytes(StandardCharsets.US_ASCII)).isWhiteout()).isTrue();
            assertThat(etc.names()).hasSize(1);
        }
        assertThat(opaque("var")).isEqualTo("y");
        assertThat(opaque("etc")).isEmpty();
        assertThat(root.resolve(".wh..wh.plnk")).doesNotExist();
    }

    @Test
    void whatTheLayerBringsIsNotMeantByItsOwnDeletions() throws IOException {
        unpack(new RawTar().file("kept", "new").file(".wh.kept", "").file(".wh.late", "").file("late", "new")
                .directory("before", 0755).file("before/x", "").file(".wh.before", "")
                .file(".wh.after", "").directory("after", 0755).file("after/x", "")
                .file(".wh.implied", "").file("implied/x", ""), Whiteouts.OVERLAY);

        assertThat(root.resolve("kept")).hasContent("new");
        assertThat(root.resolve("late")).hasContent("new");
        for (String directory : List.of("before", "after", "implied")) {
            assertThat(root.resolve(directory + "/x")).exists();
            assertThat(opaque(directory)).as(directory).isEqualTo("y");
        }
    }

    @Test
    void withoutWhiteoutsSuchANameIsLikeAnyOther() throws IOException {
        unpack(new RawTar().file(".wh.passwd", "text").file(".wh..wh..opq", ""), Whiteouts.NONE);

        assertThat(root.resolve(".wh.passwd")).hasContent("text");
        assertThat(root.resolve(".wh..wh..opq")).exists();
        assertThat(opaque("")).isEmpty();
    }

    @Test
    void anInterruptEndsItBetweenEntriesWithoutContentToo() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> unpack(new RawTar().directory("d", 0755),
                Whiteouts.OVERLAY));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(root.resolve("d")).doesNotExist();
    }

    @Test
    void theLastEntryOfANameWins() throws IOException {
        unpack(new RawTar().file("file", "one").file("file", "two").directory("d/e/f", 0755).file("d/e/f/g", "x")
                .file("d", "file now").symlink("s", "nowhere").directory("s", 0711).file("t", "x").symlink("t", "u")
                .file("a", "same").link("b", "a").link("b", "a").link("a", "b").file("f2", "x").file("f2/below", "y"),
                Whiteouts.OVERLAY);

        assertThat(root.resolve("file")).hasContent("two");
        assertThat(root.resolve("d")).hasContent("file now");
        assertThat(mode("s")).isEqualTo(0040711);
        assertThat(Files.readSymbolicLink(root.resolve("t"))).hasToString("u");
        assertThat(root.resolve("a")).hasContent("same");
        assertThat(attribute("b", "nlink")).isEqualTo(2);
        assertThat(root.resolve("f2/below")).hasContent("y");
    }

    @Test
    void aDirectoryHasItsTimeWhenSomethingIsPutIntoItLater() throws IOException {
        unpack(new RawTar().directory("a", 0755).directory("b", 0755).file("a/1", "").file("b/1", "").file("a/2", "")
                .link("b/2", "a/1").file("b/3", "").file("b/3", "again"), Whiteouts.OVERLAY);

        assertThat(attribute("a", "lastModifiedTime")).hasToString("2001-09-09T01:46:40Z");
        assertThat(attribute("b", "lastModifiedTime")).hasToString("2001-09-09T01:46:40Z");
    }
}
