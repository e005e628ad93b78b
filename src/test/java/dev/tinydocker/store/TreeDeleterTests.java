package dev.tinydocker.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class TreeDeleterTests {

    @TempDir
    Path directory;

    @Test
    void linksAreDeletedNotFollowed() throws IOException {
        Path kept = Files.createDirectory(directory.resolve("kept"));
        Files.writeString(kept.resolve("file"), "kept");
        Path tree = Files.createDirectories(directory.resolve("tree/inner"));
        Files.createSymbolicLink(tree.resolve("link"), kept);
        TreeDeleter.delete(directory.resolve("tree"));
        assertThat(directory.resolve("tree")).doesNotExist();
        assertThat(kept.resolve("file")).hasContent("kept");
    }

    @Test
    void aLinkInPlaceOfTheDirectoryIsDeletedNotFollowed() throws IOException {
        Path kept = Files.createDirectory(directory.resolve("kept"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), kept);
        TreeDeleter.delete(link);
        assertThat(Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(kept).exists();
    }

    @Test
    void aTreeDeeperThanAPathCanBeIsDeleted() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        // 400 levels of 200 bytes: 80,000 bytes where a path may have 4,095.
        Process deep = new ProcessBuilder("sh", "-c",
                "n=$(printf %0200d 0); i=0; while [ $i -lt 400 ]; do mkdir $n && cd -P $n && : > f || exit 1; i=$((i+1)); done")
                .directory(tree.toFile()).inheritIO().start();
        assertThat(deep.waitFor()).isZero();
        TreeDeleter.delete(tree);
        assertThat(tree).doesNotExist();
    }

    @Test
    void deletingTwiceIsFine() throws IOException {
        Path tree = Files.createDirectories(directory.resolve("a/b"));
        TreeDeleter.delete(tree);
        TreeDeleter.delete(tree);
        assertThat(tree).doesNotExist();
    }
}
