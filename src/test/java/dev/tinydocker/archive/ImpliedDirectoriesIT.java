package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Layers whose archives do not list the directories that their files lie in, as some builders make them. As root. */
class ImpliedDirectoriesIT {

    @TempDir
    Path directory;

    private final List<Path> layers = new ArrayList<>();

    private void layer(RawTar archive) throws IOException {
        Path layer = Files.createDirectory(directory.resolve("layer" + layers.size()));
        LayerReader.unpack(new ByteArrayInputStream(archive.bytes()), layer, Limits.DEFAULT, Whiteouts.OVERLAY);
        layers.addFirst(layer);
    }

    private String top() throws IOException {
        Path top = Files.createDirectory(directory.resolve("top"));
        boolean made = ImpliedDirectories.make(layers, top);
        String listing = TreeListing.of(top, false);
        assertThat(made).isEqualTo(listing.lines().count() > 1);
        return listing;
    }

    @Test
    void theyAreAsALayerBelowListsThem() throws IOException {
        layer(new RawTar().directory(".", 0755).directory("tmp", 01777).pax("mtime=5.5", "SCHILY.xattr.user.a=b")
                .directory("root", 0700).directory("root/in", 0750));
        layer(new RawTar().file("tmp/x", "x").file("root/in/y", "y"));
        layer(new RawTar().file("root/z", "z").file("new/w", "w"));
        assertThat(layers).element(2).satisfies(base -> assertThat(ImpliedDirectories.isIn(base)).isFalse());
        assertThat(layers.subList(0, 2)).allSatisfy(layer -> assertThat(ImpliedDirectories.isIn(layer)).isTrue());
        assertThat(top()).containsPattern("(?m)^/tmp 41777 ").containsPattern("(?m)^/root 40700 .* user.a=62$")
                .containsPattern("(?m)^/root/in 40750 ").contains("1970-01-01T00:00:05.500").doesNotContain("new");
    }

    @Test
    void whatTheTopmostLayerListsStays() throws IOException {
        layer(new RawTar().directory("d", 0700));
        layer(new RawTar().file("d/f", "f"));
        layer(new RawTar().file("d/g", "g").directory("d", 0711));
        assertThat(top()).doesNotContain("/d");
    }

    @Test
    void nothingIsTakenFromWhatIsHidden() throws IOException {
        layer(new RawTar().directory("opaque", 0700).directory("file", 0700).directory("gone", 0700)
                .file("gone/f", ""));
        layer(new RawTar().file("opaque/.wh..wh..opq", "").file("file", "now").file(".wh.gone", ""));
        layer(new RawTar().file("opaque/f", "f").file("file/f", "f").file("gone/f", "f"));
        assertThat(top()).doesNotContain("opaque", "file", "gone");
    }

    @Test
    void aLinkBelowIsNotFollowed() throws IOException {
        Files.createDirectory(directory.resolve("outside"));
        layer(new RawTar().symlink("way", "../outside").directory("d", 0700));
        layer(new RawTar().file("d/f", "f").file("way/f", "f"));
        assertThat(top()).contains("/d 40700").doesNotContain("way");
    }
}
