package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

/** Copies from one root to another. As root. */
class CopyingIT {

    /** cap_net_raw=ep, as capabilities(7) lays it out. */
    private static final byte[] CAPABILITY = HexFormat.of().parseHex("0100000200200000000000000000000000000000");

    @TempDir
    Path directory;
    private Path from;
    private Path to;

    @BeforeEach
    void roots() throws IOException {
        from = Files.createDirectory(directory.resolve("from"));
        to = Files.createDirectory(directory.resolve("to"));
    }

    private long copy(String source, String target, boolean follow, Landing landing) {
        try (DirectoryHandle one = DirectoryHandle.open(from); DirectoryHandle two = DirectoryHandle.open(to);
                CopySource what = CopySource.open("copy", one, source, follow)) {
            return Copying.copy("copy", what, CopyTarget.find("copy", two, target), landing);
        }
    }

    @Test
    void withOwnersItIsTheSameTreeToTheLastAttribute() throws IOException {
        SampleTree.make(Files.createDirectory(from.resolve("tree")));
        copy("/tree", "/copy", false, Landing.CONTAINER_WITH_OWNERS);
        assertThat(TreeListing.of(to.resolve("copy"), true)).isEqualTo(TreeListing.of(from.resolve("tree"), true));
    }

    @Test
    void whatWasSomebodyElsesGivesNoRightsToRoot() throws IOException {
        for (int owner : new int[] { 0, 7 }) {
            Path file = Files.createFile(from.resolve("by" + owner));
            Files.setAttribute(file, "unix:uid", owner);
            Files.setAttribute(file, "unix:gid", owner);
            Files.setAttribute(file, "unix:mode", 06755);
            try (DirectoryHandle top = DirectoryHandle.open(from);
                    var opened = top.file(file.getFileName().toString().getBytes())) {
                opened.attribute(Attributes.CAPABILITY, CAPABILITY);
            }
        }
        for (Landing landing : new Landing[] { Landing.CONTAINER, Landing.HOST, Landing.HOST_WITH_OWNERS }) {
            Files.createDirectory(to.resolve(landing.name()));
            copy("/.", "/" + landing, false, landing);
        }
        assertThat(rights("CONTAINER/by0")).isEqualTo("6755 0 1");
        assertThat(rights("CONTAINER/by7")).isEqualTo("755 0 0");
        assertThat(rights("HOST/by0")).isEqualTo("755 0 0");
        assertThat(rights("HOST/by7")).isEqualTo("755 0 0");
        assertThat(rights("HOST_WITH_OWNERS/by7")).isEqualTo("6755 7 1");
    }

    private String rights(String path) throws IOException {
        Map<String, Object> known = Files.readAttributes(to.resolve(path), "unix:mode,uid");
        try (DirectoryHandle top = DirectoryHandle.open(to.resolve(path).getParent());
                var file = top.file(to.resolve(path).getFileName().toString().getBytes())) {
            return Integer.toOctalString((int) known.get("mode") & 07777) + " " + known.get("uid") + " "
                    + file.attributes().size();
        }
    }

    @Test
    void linksLeadNowhereButIntoTheirRoot() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "of the host");
        Files.writeString(from.resolve("secret"), "its own");
        Files.createSymbolicLink(from.resolve("up"), Path.of("../../../../../../secret"));
        Files.createSymbolicLink(from.resolve("absolute"), secret);
        Files.writeString(from.resolve("file"), "x");
        Files.createSymbolicLink(to.resolve("out"), directory);
        Files.createSymbolicLink(to.resolve("far"), Path.of("../../../../../../beyond"));
        Files.createSymbolicLink(to.resolve("loop"), Path.of("loop"));

        copy("up", "got", true, Landing.HOST);
        assertThat(to.resolve("got")).hasContent("its own");
        assertThatThrownBy(() -> copy("absolute", "x", true, Landing.HOST)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> copy("file", "out/secret", true, Landing.CONTAINER)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> copy("file", "loop", true, Landing.CONTAINER)).isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("circle");
        copy("file", "far", true, Landing.CONTAINER);
        assertThat(to.resolve("far")).isSymbolicLink();
        assertThat(to.resolve("beyond")).hasContent("x");
        assertThat(directory.resolve("beyond")).doesNotExist();
        assertThat(secret).hasContent("of the host");
    }

    @Test
    void aDamagedArchiveLeavesNoDirectoryOpen() throws IOException {
        byte[] damaged = { 0x1f, (byte) 0x8b, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
        try (DirectoryHandle root = DirectoryHandle.open(to)) {
            long before = descriptors();
            assertThatThrownBy(() -> Copying.unpack("copy", new ByteArrayInputStream(damaged),
                    CopyTarget.find("copy", root, "/"), Landing.CONTAINER)).hasMessageContaining("damaged");
            assertThat(descriptors()).isEqualTo(before);
        }
    }

    /** How many descriptors of this process are the directory that is copied to. */
    private long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(descriptor -> {
                try {
                    return Files.isSameFile(descriptor, to);
                } catch (IOException e) {
                    return false;
                }
            }).count();
        }
    }

    @Test
    void oneKindNeverTakesThePlaceOfAnother() throws IOException {
        Files.createDirectories(from.resolve("d/x"));
        Files.writeString(from.resolve("f"), "f");
        Files.createDirectories(to.resolve("f/kept"));
        Files.createDirectories(to.resolve("d"));
        Files.createSymbolicLink(to.resolve("d/x"), to.resolve("f"));
        assertThatThrownBy(() -> copy("f", "/", false, Landing.CONTAINER)).isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("there is a directory of that name");
        assertThatThrownBy(() -> copy("d", "/", false, Landing.CONTAINER)).isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("there is something else of that name");
        assertThat(to.resolve("f/kept")).isDirectory();
        assertThat(Files.isSymbolicLink(to.resolve("d/x"))).isTrue();
    }

    @Test
    void aFileIsReplacedAndNotWrittenTo() throws IOException {
        Files.writeString(from.resolve("f"), "new");
        Files.writeString(to.resolve("f"), "old");
        Files.createLink(to.resolve("other"), to.resolve("f"));
        copy("f", "f", false, Landing.CONTAINER);
        assertThat(to.resolve("f")).hasContent("new");
        assertThat(to.resolve("other")).hasContent("old");
        assertThat(Files.exists(to.resolve("f"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void anInterruptEndsIt() throws IOException {
        Files.writeString(from.resolve("f"), "new");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> copy("f", "f", false, Landing.CONTAINER)).hasMessageContaining("cannot copy");
        assertThat(Thread.interrupted()).isTrue();
    }
}
