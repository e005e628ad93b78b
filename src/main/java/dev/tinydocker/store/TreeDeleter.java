package dev.tinydocker.store;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/**
 * Deletes a directory with all it holds, whatever a hostile program has put there: links are never followed, since
 * every name is taken relative to an open directory, and a tree deeper than a path can be long is lifted up until it is
 * not.
 */
public final class TreeDeleter {

    private static final int DEEPEST = 64;
    private static final int MOST_REFILLS = 10;

    private final Path top;
    private int lifted;

    private TreeDeleter(Path top) {
        this.top = top;
    }

    /** Deletes the directory; one that does not exist is fine. Can be repeated after a failure. */
    public static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            new TreeDeleter(directory).deleteAll();
        } else {
            Files.deleteIfExists(directory);
        }
    }

    private void deleteAll() throws IOException {
        int refills = 0;
        for (boolean gone = false; !gone;) {
            try {
                gone = deleteOnce();
            } catch (DirectoryNotEmptyException e) {
                // Somebody who is about to end has written once more.
                if (++refills > MOST_REFILLS) {
                    throw e;
                }
            }
        }
    }

    /** False where something was lifted, which is to be deleted yet. */
    private boolean deleteOnce() throws IOException {
        int before = lifted;
        try (SecureDirectoryStream<Path> root = open(top)) {
            empty(root, root, 0);
        }
        if (lifted > before) {
            return false;
        }
        Files.deleteIfExists(top);
        return true;
    }

    @SuppressWarnings("unchecked")
    private static SecureDirectoryStream<Path> open(Path directory) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
        return (SecureDirectoryStream<Path>) stream;
    }

    private void empty(SecureDirectoryStream<Path> directory, SecureDirectoryStream<Path> root,
            int depth) throws IOException {
        for (Path entry : directory) {
            Path name = entry.getFileName();
            if (!isDirectory(directory, name)) {
                directory.deleteFile(name);
            } else if (depth == DEEPEST) {
                // Two names of the same directory would be one too many: the number is never used twice in this run.
                directory.move(name, root, Path.of(".lifted-" + lifted++));
            } else {
                try (SecureDirectoryStream<Path> inner = directory.newDirectoryStream(name,
                        LinkOption.NOFOLLOW_LINKS)) {
                    empty(inner, root, depth + 1);
                }
                directory.deleteDirectory(name);
            }
        }
    }

    private static boolean isDirectory(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        try {
            return directory.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes().isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
