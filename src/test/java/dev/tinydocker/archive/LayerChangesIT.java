package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** As root, for the devices that are deletions. Layers are described as archives. */
class LayerChangesIT {

    @TempDir
    Path directory;
    private int layers;
    private Path bottom;
    private Path middle;

    @BeforeEach
    void lowerLayers() throws IOException {
        bottom = layer(tar -> tar.file("etc/passwd", "").file("etc/group", "").file("etc/ssl/cert", "")
                .file("usr/bin/tool", "").file("old/thing", "").symlink("lib", "usr/lib").file("type", "")
                .file("cleared/low", ""));
        middle = layer(tar -> tar.file("etc/.wh.group", "").file("etc/hosts", "").file(".wh.old", "")
                .file("cleared/.wh..wh..opq", "").file("cleared/high", ""));
    }

    private Path layer(UnaryOperator<RawTar> content) throws IOException {
        Path layer = Files.createDirectory(directory.resolve("layer" + layers++));
        LayerReader.unpack(content.apply(new RawTar()).stream(), layer, Limits.DEFAULT, Whiteouts.OVERLAY);
        return layer;
    }

    private List<String> changes(UnaryOperator<RawTar> upper) throws IOException {
        List<String> found = new ArrayList<>();
        LayerChanges.of(layer(upper), List.of(middle, bottom), change -> found.add(change.toString()));
        return found;
    }

    @Test
    void nothingWrittenIsNothingChanged() throws IOException {
        assertThat(changes(tar -> tar)).isEmpty();
    }

    @Test
    void whatIsNewIsAddedAndWhatWasThereIsChanged() throws IOException {
        assertThat(changes(tar -> tar.file("etc/passwd", "new").file("etc/hosts", "new").file("etc/new", "")
                .file("etc/group", "back").file("old/thing", "back").file("new/dir/file", "")))
                .containsExactly("C /etc", "A /etc/group", "C /etc/hosts", "A /etc/new", "C /etc/passwd", "A /new",
                        "A /new/dir", "A /new/dir/file", "A /old", "A /old/thing");
    }

    @Test
    void aDeletionOfWhatIsNotThereChangesNothing() throws IOException {
        assertThat(changes(tar -> tar.file("etc/.wh.passwd", "").file("etc/.wh.group", "").file(".wh.old", "")
                .file(".wh.usr", "").file(".wh.never", "")))
                .containsExactly("C /etc", "D /etc/passwd", "D /usr");
    }

    @Test
    void aNewDirectoryHidesWhatWasInTheOneBefore() throws IOException {
        assertThat(changes(tar -> tar.file("etc/.wh..wh..opq", "").file("etc/hosts", "").file("etc/mine", "")
                .file("cleared/.wh..wh..opq", "")))
                .containsExactly("C /cleared", "D /cleared/high", "C /etc", "C /etc/hosts", "A /etc/mine",
                        "D /etc/passwd", "D /etc/ssl");
    }

    @Test
    void whatWasHiddenBelowAnOpaqueDirectoryIsNewAgain() throws IOException {
        assertThat(changes(tar -> tar.file("cleared/low", "").file("cleared/high", "")))
                .containsExactly("C /cleared", "C /cleared/high", "A /cleared/low");
    }

    @Test
    void aDirectoryInThePlaceOfALinkOrFileHasOnlyNewThings() throws IOException {
        assertThat(changes(tar -> tar.file("lib/bin/tool", "").file("type/x", "")))
                .containsExactly("C /lib", "A /lib/bin", "A /lib/bin/tool", "C /type", "A /type/x");
    }

    /** A container that runs is looked at as well. */
    @Test
    void directoriesMayGoMeanwhile() throws Exception {
        Path upper = layer(tar -> tar.file("kept", ""));
        AtomicBoolean enough = new AtomicBoolean();
        Thread busy = Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                assertThat(upper.resolve("busy").toFile().mkdir()).isTrue();
                assertThat(upper.resolve("busy").toFile().delete()).isTrue();
            }
        });
        try {
            for (int i = 0; i < 3000; i++) {
                List<String> changes = new ArrayList<>();
                LayerChanges.of(upper, List.of(bottom), change -> changes.add(change.toString()));
                assertThat(changes).contains("A /kept");
            }
        } finally {
            enough.set(true);
            busy.join();
        }
    }

    @Test
    void aDirectoryThatCannotBeReadIsNamed() {
        assertThatExceptionOfType(SystemFailure.class)
                .isThrownBy(() -> LayerChanges.of(directory.resolve("missing"), List.of(bottom), _ -> { }))
                .withMessageContaining("missing");
    }
}
