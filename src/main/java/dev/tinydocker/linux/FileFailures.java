package dev.tinydocker.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

import org.jspecify.annotations.Nullable;

/**
 * Why Java could not do something to a file, as errors say it: by the name of its errno. Java's own messages are a path
 * alone for the commonest of them, and the C library's words without a name for the rest.
 */
public final class FileFailures {

    private FileFailures() {
    }

    /** As in {@code EACCES (Permission denied)}: for an error that names the file itself. */
    public static String reason(Throwable failure) {
        Throwable cause = itself(failure);
        if (cause instanceof FileSystemException file) {
            Integer errno = errno(file);
            return errno == null ? said(file, file.getReason()) : Errno.describe(errno);
        }
        return said(cause, cause.getMessage());
    }

    /** The same with the file, as in {@code '/a/b': EACCES (Permission denied)}: for an error about a whole tree. */
    public static String reasonWithFile(Throwable failure) {
        Throwable cause = itself(failure);
        return cause instanceof FileSystemException file && file.getFile() != null
                ? "'" + file.getFile() + "': " + reason(file) : reason(cause);
    }

    private static Throwable itself(Throwable failure) {
        Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }

    /** Null where the exception's class does not tell it. */
    private static @Nullable Integer errno(FileSystemException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> Errno.ENOENT;
            case AccessDeniedException _ -> Errno.EACCES;
            case FileAlreadyExistsException _ -> Errno.EEXIST;
            case NotDirectoryException _ -> Errno.ENOTDIR;
            case DirectoryNotEmptyException _ -> Errno.ENOTEMPTY;
            default -> null;
        };
    }

    /** What is no errno's meaning stays as it is said. */
    private static String said(Throwable failure, @Nullable String meaning) {
        if (meaning == null) {
            return failure.getClass().getSimpleName();
        }
        return failure instanceof IOException ? Errno.of(meaning).map(Errno::describe).orElse(meaning) : meaning;
    }
}
