package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Archives that mean harm. Whatever one does, the tree around the directory is afterwards what it was before, to the
 * last attribute: it is listed after each test. As root, whom no permission stops.
 */
class HostileArchiveIT {

    private static final Limits LIMITS = new Limits(1 << 20, 1000, 4095, 200);

    @TempDir
    Path surrounding;
    private Path root;
    private Path outside;
    private String before;

    @BeforeEach
    void somethingOutsideToReach() throws IOException {
        outside = Files.createDirectory(surrounding.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "untouched");
        Files.createSymbolicLink(surrounding.resolve("way"), outside);
        root = Files.createDirectory(surrounding.resolve("root"));
        before = around();
    }

    @AfterEach
    void nothingOutsideWasTouched() {
        assertThat(around()).isEqualTo(before);
    }

    /** Everything but what is in the directory itself. */
    private String around() {
        StringBuilder lines = new StringBuilder();
        TreeListing.of(surrounding, true).lines().filter(line -> !line.startsWith("/root"))
                .forEach(line -> lines.append(line).append('\n'));
        return lines.toString();
    }

    private Unpacked unpack(RawTar tar) throws IOException {
        return unpack(tar.stream());
    }

    private Unpacked unpack(InputStream tar) throws IOException {
        try (DirectoryHandle top = DirectoryHandle.open(surrounding)) {
            top.removeAll("root".getBytes(StandardCharsets.US_ASCII));
        }
        Files.createDirectory(root);
        restoreTime();
        return LayerReader.unpack(tar, root, LIMITS, Whiteouts.OVERLAY);
    }

    /** Of the directory around, in which this test itself has just made one anew. */
    private void restoreTime() throws IOException {
        Instant time = Instant.parse(before.lines().findFirst().orElseThrow().split(" ")[3]);
        try (DirectoryHandle top = DirectoryHandle.open(surrounding)) {
            top.modified(time);
        }
    }

    private void assertRefused(String why, RawTar tar) {
        assertRefused(why, tar.stream());
    }

    private void assertRefused(String why, InputStream tar) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> unpack(tar)).withMessageContaining(why)
                .withMessageStartingWith("cannot unpack ");
    }

    private static RawTar tar() {
        return new RawTar();
    }

    private RawTar changed(Consumer<byte[]> header) {
        return tar().put("file", '0', "", 0644, new byte[0], header);
    }

    @Test
    void noNameLeadsOut() throws IOException {
        assertRefused("'../outside/secret': the name leads out", tar().file("../outside/secret", "x"));
        assertRefused("leads out", tar().file("a/../../outside/secret", "x"));
        assertRefused("leads out", tar().directory("..", 0777));
        assertRefused("leads out", tar().directory("a/..", 0777));
        assertRefused("leads out", tar().symlink("../link", "x"));
        assertRefused("leads out", tar().device("../null", '3', 1, 3));
        assertRefused("leads out", tar().pax("path=../outside/secret").file("harmless", "x"));
        assertRefused("leads out", tar().gnu('L', "../outside/secret").file("harmless", "x"));
        assertRefused("leads out", tar().put("secret", '0', "", 0644, new byte[0],
                header -> System.arraycopy("../outside".getBytes(StandardCharsets.US_ASCII), 0, header, 345, 10)));
    }

    @Test
    void anAbsoluteNameIsOneOfTheArchive() throws IOException {
        Path secret = outside.resolve("secret");
        unpack(tar().gnu('L', secret.toString()).file("cut", "mine").file("//etc///passwd", "mine").link("/hard",
                "/etc/passwd"));

        assertThat(root.resolve(secret.toString().substring(1))).hasContent("mine");
        assertThat(root.resolve("hard")).hasContent("mine");
    }

    @Test
    void noNameGoesThroughALink() throws IOException {
        for (String target : new String[] { outside.toString(), "../outside", "../way", "." }) {
            assertRefused("through the link 'way'", tar().symlink("way", target).file("way/secret", "x"));
            assertRefused("through the link 'way'", tar().symlink("way", target).directory("way/new", 0777));
            assertRefused("through the link 'way'", tar().symlink("way", target).symlink("way/new", "x"));
            assertRefused("through the link 'way'", tar().symlink("way", target).file("way/.wh.secret", ""));
            assertRefused("through the link 'way'", tar().symlink("way", target).file("way/.wh..wh..opq", ""));
            assertRefused("has not brought", tar().symlink("way", target).link("copy", "way/secret"));
        }
        assertRefused("through the link 'b'", tar().directory("a", 0755).symlink("a/b", "../../outside")
                .file("a/b/secret", "x"));
    }

    @Test
    void aDirectoryThatBecomesALinkIsNoLongerEntered() {
        assertRefused("through the link 'd'", tar().file("d/file", "x").symlink("d", "../outside")
                .file("d/secret", "x"));
        assertRefused("through the link 'd'", tar().directory("d/e", 0755).file("d/e/f", "").symlink("d", "../outside")
                .file("d/e/secret", "x"));
    }

    @Test
    void nothingIsWrittenThroughALinkInItsPlace() throws IOException {
        unpack(tar().symlink("file", outside.resolve("secret").toString()).file("file", "mine")
                .symlink("dir", "../outside").directory("dir", 0777).file("dir/secret", "mine")
                .symlink("node", "../outside/secret").device("node", '3', 1, 3)
                .symlink("name", "../outside/secret").link("name", "file"));

        assertThat(root.resolve("file")).isRegularFile().hasContent("mine");
        assertThat(Files.isSymbolicLink(root.resolve("file"))).isFalse();
        assertThat(root.resolve("dir/secret")).hasContent("mine");
        assertThat(Files.isDirectory(root.resolve("dir"), LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(root.resolve("name")).hasContent("mine");
    }

    @Test
    void aHardLinkOutIsRefused() {
        assertRefused("leads out", tar().link("hard", "../outside/secret"));
        assertRefused("has not brought", tar().link("hard", outside.resolve("secret").toString()));
        assertRefused("has not brought", tar().link("hard", "missing"));
        assertRefused("has not brought", tar().link("hard", "hard"));
        assertRefused("link to a directory", tar().directory("d", 0755).link("hard", "d"));
        assertRefused("the top", tar().link("hard", "."));
        assertRefused("the top", tar().link("hard", ""));
    }

    @Test
    void aHardLinkToALinkIsTheLinkItself() throws IOException {
        unpack(tar().symlink("to", "../outside/secret").link("hard", "to").file("hard", "mine"));

        assertThat(Files.readSymbolicLink(root.resolve("to"))).hasToString("../outside/secret");
        assertThat(root.resolve("hard")).isRegularFile().hasContent("mine");
    }

    @Test
    void devicesAreDevicesAndOpenedByNobody() throws IOException {
        unpack(tar().device("disk", '4', 8, 0).device("pipe", '6', 0, 0).file("pipe", "no reader needed")
                .device("terminal", '3', 5, 2).file("terminal", "plain"));

        assertThat((int) Files.getAttribute(root.resolve("disk"), "unix:mode")).isEqualTo(0060640);
        assertThat(root.resolve("pipe")).isRegularFile().hasContent("no reader needed");
        assertThat(root.resolve("terminal")).isRegularFile().hasContent("plain");
        assertRefused("device number", tar().device("big", '3', 4096, 0));
        assertRefused("device number", tar().device("big", '3', 0, 1 << 20));
    }

    @Test
    void namesAreNotEndless() throws IOException {
        String name = "d/".repeat(2047) + "f";
        assertThat(name).hasSize(4095);
        assertRefused("below more than 1000 directories", tar().gnu('L', name).file("cut", "x"));
        assertRefused("4096 bytes, more than 4095", tar().pax("path=" + name + "x").file("cut", "x"));
        assertRefused("100001 bytes, more than 4095", tar().gnu('L', "n".repeat(100_000)).file("cut", "x"));
        assertRefused("longer than 255 bytes", tar().gnu('L', "n".repeat(256)).file("cut", "x"));
        assertRefused("5000 bytes", tar().pax("linkpath=" + "n".repeat(5000)).symlink("link", "x"));
        assertRefused("2000000 bytes, more than 1048576",
                changed(header -> {
                    header[156] = 'x';
                    TarHeader.octal(header, RawTar.SIZE, 12, 2_000_000);
                }));
        String deep = "d/".repeat(900) + "f";
        unpack(tar().gnu('L', deep).file("cut", "x"));
        try (DirectoryHandle top = DirectoryHandle.open(root)) {
            top.removeAll("d".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void whatIsTooMuchIsRefused() throws IOException {
        RawTar many = tar();
        for (int i = 0; i <= 1000; i++) {
            many.file("same", "");
        }
        assertRefused("more than 1000 entries", many);
        assertRefused("'zeros': unpacked the archive is more than 1048576 bytes",
                changed(header -> {
                    TarHeader.octal(header, RawTar.SIZE, 12, 1L << 30);
                    System.arraycopy("zeros".getBytes(StandardCharsets.US_ASCII), 0, header, 0, 5);
                }));
    }

    @Test
    void aGigabyteInAMegabyteIsRefusedBeforeItIsWritten() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(changed(header -> TarHeader.octal(header, RawTar.SIZE, 12, 1L << 30)).bytes());
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 1024; i++) {
                out.write(zeros);
            }
        }
        assertThat(bytes.size()).isLessThan(1_100_000);
        assertRefused("more than 1048576 bytes",
                Compression.decompressed(new ByteArrayInputStream(bytes.toByteArray())));
        assertThat(root.resolve("file")).doesNotExist();
    }

    @Test
    void compressionThatEndsEarlyIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(tar().file("first", "x").file("second", "y").stream().readAllBytes());
        }
        byte[] part = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 10);
        assertRefused("compression is damaged or ends early",
                Compression.decompressed(new ByteArrayInputStream(part)));
    }

    @Test
    void bytesAfterTheEndCountToo() {
        assertRefused("more than 1048576 bytes", tar().file("file", "x").raw(new byte[1 << 21]));
    }

    @Test
    void aLargeFileOfHolesTakesNothing() throws IOException {
        unpack(tar().pax("GNU.sparse.map=0,1,1099511627776,0", "GNU.sparse.size=1099511627776").file("holes", "x"));

        try (DirectoryHandle top = DirectoryHandle.open(root)) {
            assertThat(top.stat("holes".getBytes(StandardCharsets.US_ASCII))).satisfies(stat -> {
                assertThat(stat.size()).isEqualTo(1L << 40);
                assertThat(stat.blocks()).isLessThan(100);
            });
        }
    }

    @Test
    void mapsOfHolesThatAreWrongAreRefused() {
        for (String map : new String[] { "0,2", "0,1,0,0,x", "5,1", "0,1,0,1", "-1,1", "0,-1", "9223372036854775807,1",
                "0", "", "1,9223372036854775807", "0,1,2" }) {
            assertRefused("holes", tar().pax("GNU.sparse.map=" + (map.isEmpty() ? "," : map), "GNU.sparse.size=4")
                    .file("f", "x"));
        }
        for (String map : new String[] { "", "1\n", "1\n0\n", "x\n", "99999999\n0\n1\n", "9".repeat(30) + "\n" }) {
            assertRefused("holes", tar().pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=f",
                    "GNU.sparse.realsize=100").file("f", map));
        }
        assertRefused("holes", tar().pax("GNU.sparse.map=0,1").file("f", "x"));
    }

    @Test
    void deletionsOfNothingDoNothing() throws IOException {
        unpack(tar().file(".wh.never", "").file("a/.wh.b", "").file("a/.wh.b", ""));

        try (Stream<Path> left = Files.list(root)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("a", "never");
        }
    }

    @Test
    void deletionsOfWhatIsNoNameAreRefused() {
        assertRefused("deletes no name", tar().file(".wh.", ""));
        assertRefused("deletes no name", tar().file(".wh..", ""));
        assertRefused("deletes no name", tar().file(".wh...", ""));
        assertRefused("deletes no name", tar().file("a/.wh...", ""));
        assertRefused("leads out", tar().file(".wh./../../outside/secret", ""));
        assertRefused("means a deletion", tar().file(".wh.../outside", ""));
        assertRefused("means a deletion", tar().file(".wh.d/file", ""));
    }

    @Test
    void whatEndsEarlyIsRefusedWhereverItEnds() throws IOException {
        byte[] whole = tar().directory("d", 0755).pax("path=d/" + "n".repeat(150)).file("cut", "x".repeat(700))
                .symlink("l", "t").bytes();
        int refused = 0;
        for (int length = 1; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            // Between two entries, and in the blocks that fill one up, nothing is missing.
            boolean fine = length == 512 || length >= 2048 + 700 && length <= 3072;
            if (fine) {
                unpack(new ByteArrayInputStream(part));
            } else {
                assertRefused("ends in the middle", new ByteArrayInputStream(part));
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(2000);
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        assertRefused("size is negative", changed(header -> Arrays.fill(header, RawTar.SIZE, RawTar.SIZE + 12,
                (byte) 0xff)));
        assertRefused("size is negative", tar().pax("size=-1").file("f", ""));
        assertRefused("no number in 'size'", tar().pax("size=9223372036854775808").file("f", ""));
        assertRefused("more than 1048576 bytes", tar().pax("size=9223372036854775807").file("f", ""));
        assertRefused("beyond 64 bits", changed(header -> {
            header[RawTar.SIZE] = (byte) 0x80;
            Arrays.fill(header, RawTar.SIZE + 1, RawTar.SIZE + 12, (byte) 0x7f);
        }));
        assertRefused("no number", changed(header -> header[RawTar.SIZE] = '9'));
        assertRefused("is none of a Linux system", tar().pax("uid=4294967295").file("f", ""));
        assertRefused("is none of a Linux system", tar().pax("gid=-2").file("f", ""));
        assertRefused("no time", tar().pax("mtime=1e999999999").file("f", ""));
        assertRefused("no time", tar().pax("mtime=never").file("f", ""));
    }

    @Test
    void numbersBeyond31BitsAreKept() throws IOException {
        unpack(tar().pax("uid=4294967294").put("f", '0', "", 0644, new byte[0], header -> {
            header[RawTar.GID] = (byte) 0x80;
            Arrays.fill(header, RawTar.GID + 1, RawTar.GID + 4, (byte) 0);
            Arrays.fill(header, RawTar.GID + 4, RawTar.GID + 8, (byte) 0xfe);
        }).pax("mtime=999999999999999.5").file("far", ""));

        assertThat(Files.getAttribute(root.resolve("f"), "unix:uid")).isEqualTo((int) 4_294_967_294L);
        assertThat(Files.getAttribute(root.resolve("f"), "unix:gid")).isEqualTo(0xfefefefe);
    }

    @Test
    void headersThatAreNoneAreRefused() {
        byte[] damaged = tar().file("file", "x").bytes();
        damaged[0] ^= 1;
        assertRefused("the first entry: a header's checksum", tar().raw(damaged));
        assertRefused("the entry after 'good': a header's checksum", tar().file("good", "x").raw(damaged));
        assertRefused("a block of zeros", tar().file("f", "").raw(new byte[512]).file("g", ""));
        assertRefused("unknown kind", changed(header -> header[156] = 'Z'));
        assertRefused("top of the archive", tar().file(".", "x"));
        assertRefused("top of the archive", tar().symlink("/", "../outside"));
        assertRefused("link to a name of 0 bytes", tar().symlink("link", ""));
    }

    @Test
    void recordsThatAreNoneAreRefused() {
        for (String lines : new String[] { "x", "5 a=b", "99 a=b\n", "0 a=b\n", "6 a=bc", "6 ab c\n", " 6 a=b\n",
                "999999999999 a=b\n", "3 =\n", "5 a=b\n", "-6 a=b\n" }) {
            assertRefused("LENGTH KEY=VALUE", tar().put("pax", 'x', "", 0, lines.getBytes(StandardCharsets.US_ASCII),
                    header -> { }).file("f", ""));
        }
        assertRefused("zero byte in 'path'", tar().pax("path=a\0b").file("f", ""));
        assertRefused("zero byte in 'linkpath'", tar().pax("linkpath=a\0b").symlink("f", "x"));
        assertRefused("key with a zero byte", tar().pax("pa\0th=b").file("f", ""));
        assertRefused("key with a zero byte", tar().pax("=b").file("f", ""));
    }

    @Test
    void attributesThatOverlayfsOrThePolicyObeysAreNotSet() throws IOException {
        unpack(tar().pax("SCHILY.xattr.trusted.overlay.redirect=/", "SCHILY.xattr.trusted.overlay.opaque=y",
                "SCHILY.xattr.user.overlay.opaque=y", "SCHILY.xattr.security.selinux=x",
                "SCHILY.xattr.system.posix_acl_access=x", "SCHILY.xattr.user.kept=1").directory("d", 0755));

        try (DirectoryHandle directory = DirectoryHandle.open(root.resolve("d"))) {
            assertThat(directory.attributes()).containsExactly("user.kept");
        }
        assertRefused("EINVAL", tar().pax("SCHILY.xattr.security.capability=nonsense").file("f", ""));
        assertRefused("no attribute of that length", tar().pax("SCHILY.xattr.user." + "x".repeat(300) + "=1").file("f", ""));
        assertRefused("no attribute of that length", tar().pax("SCHILY.xattr.user.x=" + "1".repeat(70_000)).file("f", ""));
    }

    @Test
    void theDirectoryOfAFileThatWasReplacedIsTheNewOne() throws IOException {
        unpack(tar().file("d/e/f", "old").file("d", "file").file("d/e/g", "new").directory("d/e", 0700));

        assertThat(root.resolve("d/e/f")).doesNotExist();
        assertThat(root.resolve("d/e/g")).hasContent("new");
    }

    @Test
    void manyReplacementsOfALargeDirectoryTakeNoLongTime() throws IOException {
        RawTar tar = tar();
        // More names than are read at once.
        for (int i = 0; i < 490; i++) {
            tar.file("d/" + "x".repeat(90) + i, "");
        }
        for (int i = 0; i < 250; i++) {
            tar.file("d", "").directory("d", 0755);
        }
        Instant start = Instant.now();
        unpack(tar);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
}
