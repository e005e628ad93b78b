package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFailuresTests {

    @TempDir
    private Path directory;

    @Test
    void whatJavaTellsByTheClassOfAnExceptionIsToldByTheNameOfItsErrno() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThat(FileFailures.reason(catchThrowable(() -> Files.readString(directory.resolve("none")))))
                .isEqualTo("ENOENT (No such file or directory)");
        assertThat(FileFailures.reason(catchThrowable(() -> Files.createFile(file)))).isEqualTo("EEXIST (File exists)");
        assertThat(FileFailures.reason(catchThrowable(() -> Files.newDirectoryStream(file))))
                .isEqualTo("ENOTDIR (Not a directory)");
        assertThat(FileFailures.reason(catchThrowable(() -> Files.delete(directory))))
                .isEqualTo("ENOTEMPTY (Directory not empty)");
        assertThat(FileFailures.reason(new AccessDeniedException("/x"))).isEqualTo("EACCES (Permission denied)");
    }

    @Test
    void whatJavaTellsInWordsIsToldByTheNameOfItsErrnoToo() {
        assertThat(FileFailures.reason(new FileSystemException("/x", null, "Read-only file system")))
                .isEqualTo("EROFS (Read-only file system)");
        assertThat(FileFailures.reason(catchThrowable(() -> Files.readString(directory))))
                .isEqualTo("EISDIR (Is a directory)");
        assertThat(FileFailures.reason(new UncheckedIOException(new IOException("No space left on device"))))
                .isEqualTo("ENOSPC (No space left on device)");
    }

    @Test
    void otherWordsStayAsTheyAre() {
        assertThat(FileFailures.reason(new IOException("frame cut off"))).isEqualTo("frame cut off");
        assertThat(FileFailures.reason(new IOException())).isEqualTo("IOException");
        assertThat(FileFailures.reason(new SyscallException("open", "/x", Errno.ELOOP)))
                .isEqualTo("open /x: ELOOP (Too many levels of symbolic links)");
    }

    @Test
    void theFileIsNamedWhereItIsKnown() {
        assertThat(FileFailures.reasonWithFile(new AccessDeniedException("/a/b")))
                .isEqualTo("'/a/b': EACCES (Permission denied)");
        assertThat(FileFailures.reasonWithFile(new IOException("Broken pipe"))).isEqualTo("EPIPE (Broken pipe)");
    }
}
