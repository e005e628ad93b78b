package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

class DirectoryHandleIT {

    @TempDir
    Path directory;
    private DirectoryHandle top;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(directory.resolve("top/inner/most"));
        Files.createDirectory(directory.resolve("outside"));
        Files.createSymbolicLink(directory.resolve("top/way"), Path.of("../outside"));
        Files.createSymbolicLink(directory.resolve("top/near"), Path.of("inner"));
        Files.createSymbolicLink(directory.resolve("top/far"), Path.of("/etc/passwd"));
        top = DirectoryHandle.open(directory.resolve("top"));
    }

    @AfterEach
    void close() {
        top.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(SyscallException.class).isThrownBy(call)
                .satisfies(e -> assertThat(Errno.name(e.errno())).isEqualTo(name));
    }

    @Test
    void aLinkIsNeverFollowed() {
        assertErrno("ENOTDIR", () -> top.directory(bytes("way")));
        assertErrno("ELOOP", () -> top.file(bytes("far")));
        assertErrno("EEXIST", () -> top.create(bytes("far"), 0600));
        assertErrno("ELOOP", () -> top.beneath(bytes("near/most")));
        assertErrno("ENOTDIR", () -> top.beneath(bytes("way")));
        assertErrno("EXDEV", () -> top.beneath(bytes("../outside")));
        assertErrno("EXDEV", () -> top.beneath(bytes("/etc")));
        assertErrno("ENOTDIR", () -> DirectoryHandle.open(directory.resolve("top/way")));
        assertThat(top.stat(bytes("way")).isSymbolicLink()).isTrue();
    }

    @Test
    void aNameIsNoWay() {
        assertThatIllegalArgumentException().isThrownBy(() -> top.create(bytes("inner/file"), 0600));
        assertThatIllegalArgumentException().isThrownBy(() -> top.directory(bytes("..")));
        assertThatIllegalArgumentException().isThrownBy(() -> top.unlink(bytes("../outside")));
        assertErrno("ENOENT", () -> top.stat(new byte[] { 'w', 'a', 'y', 0, 'x' }));
    }

    @Test
    void theWayBeneathIsOpenedAtOnce() {
        try (DirectoryHandle most = top.beneath(bytes("inner/most"))) {
            most.makeDirectory(bytes("made"), 0700);
        }
        assertThat(directory.resolve("top/inner/most/made")).isDirectory();
        assertErrno("ENOENT", () -> top.beneath(bytes("inner/missing")));
    }

    @Test
    void allIsRemovedButNotWhatALinkLeadsTo() throws IOException {
        Files.writeString(directory.resolve("outside/kept"), "x");
        Files.createSymbolicLink(directory.resolve("top/inner/most/out"), directory.resolve("outside"));
        top.removeAll(bytes("inner"));
        top.removeAll(bytes("way"));

        assertThat(top.names()).containsExactlyInAnyOrder(bytes("near"), bytes("far"));
        assertThat(directory.resolve("outside/kept")).hasContent("x");
    }

    @Test
    void manyNamesAreListedInSeveralCalls() throws IOException {
        for (int i = 0; i < 3000; i++) {
            Files.createFile(directory.resolve("outside/" + "n".repeat(40) + i));
        }
        try (DirectoryHandle outside = DirectoryHandle.open(directory.resolve("outside"))) {
            assertThat(outside.names().stream().map(String::new).distinct()).hasSize(3000);
        }
    }

    @Test
    void attributesOfAnyLengthAreRead() {
        try (FileHandle file = top.create(bytes("file"), 0600)) {
            file.attribute("user.long", new byte[3000]);
            file.attribute("user.empty", new byte[0]);
            assertThat(file.attributes()).containsExactlyInAnyOrder("user.long", "user.empty");
            assertThat(file.attribute("user.long")).hasValue(new byte[3000]);
            assertThat(file.attribute("user.empty")).hasValue(new byte[0]);
            assertThat(file.attribute("user.none")).isEmpty();
        }
    }

    @Test
    void noDescriptorIsLeft() throws IOException {
        long before = descriptors();
        for (int i = 0; i < 50; i++) {
            top.directory(bytes("inner")).close();
            top.beneath(bytes("inner")).close();
            assertErrno("ENOTDIR", () -> top.directory(bytes("far")));
        }
        assertThat(descriptors()).isLessThanOrEqualTo(before + 5);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
