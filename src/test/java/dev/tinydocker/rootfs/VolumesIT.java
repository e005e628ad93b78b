package dev.tinydocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.store.Layout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What an image has in a volume is seen in it, as the layers show it, and is not written to. */
class VolumesIT {

    private static final String ID = "3f2a9c1b4d5e".repeat(6).substring(0, 64);

    @TempDir
    Path directory;

    private Path layers;

    @BeforeEach
    void twoLayers() throws IOException {
        layers = Files.createDirectories(directory.resolve("l"));
        write("1/srv/data/old", "lower");
        write("1/srv/data/both", "lower");
        write("1/srv/hidden/old", "lower");
        write("1/gone/old", "lower");
        write("2/srv/data/both", "upper");
        write("2/srv/hidden/new", "upper");
        try (DirectoryHandle hidden = DirectoryHandle.open(layers.resolve("2/srv/hidden"));
                DirectoryHandle upper = DirectoryHandle.open(layers.resolve("2"))) {
            hidden.attribute("trusted.overlay.opaque", new byte[] { 'y' });
            upper.makeNode("gone".getBytes(StandardCharsets.UTF_8), 0020000, 0, 0);
        }
        Files.createSymbolicLink(layers.resolve("2/link"), Path.of("/etc"));
        Files.setAttribute(layers.resolve("2/srv/data"), "unix:uid", 71);
        Files.setAttribute(layers.resolve("2/srv/data"), "unix:gid", 72);
        Files.setAttribute(layers.resolve("2/srv/data"), "unix:mode", 01770);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(layers.resolve(file).getParent());
        Files.writeString(layers.resolve(file), text);
    }

    private LayerDirectory find(String path) {
        return LayerDirectory.find(List.of(layers.resolve("2"), layers.resolve("1")), path);
    }

    @Test
    void aLayerThatHidesADirectoryHidesItInAllBelow() {
        assertThat(find("srv/data").layers()).extracting(Path::getFileName).containsExactly(Path.of("2"), Path.of("1"));
        assertThat(find("srv/hidden").layers()).extracting(Path::getFileName).containsExactly(Path.of("2"));
        assertThat(find("gone").layers()).isEmpty();
        assertThat(find("gone").stat()).isNull();
        assertThat(find("link").layers()).as("and links lead nowhere").isEmpty();
        assertThat(find("link/passwd").layers()).isEmpty();
        assertThat(find("srv/data/both").layers()).as("nor do files").isEmpty();
        assertThat(find("nowhere/at/all").layers()).isEmpty();
    }

    @Test
    void aVolumeShowsWhatTheImageHasThereAndTakesWhatIsWritten() throws IOException {
        Layout layout = new Layout(directory.resolve("run").toString(), directory.toString(), ".");
        Rootfs rootfs = new Rootfs("x", List.of(layers.resolve("2"), layers.resolve("1")), List.of(), List.of());
        Volumes volumes = RootfsRooms.service(layout, "").volumes(ID, rootfs, List.of("/srv/data", "/empty"), true);
        for (HostStep step : volumes.host()) {
            switch (step) {
                case HostStep.MakeDirectory make -> Files.createDirectories(make.path());
                case HostStep.Own own -> Files.setAttribute(own.path(), "unix:uid", own.user());
                default -> throw new AssertionError(step);
            }
        }

        assertThat(volumes.shim().getFirst()).isInstanceOfSatisfying(ShimStep.BindIn.class,
                bind -> assertThat(bind.target()).isEqualTo("/empty"));
        ShimStep.MountIn mount = (ShimStep.MountIn) volumes.shim().getLast();
        Path target = Files.createDirectories(directory.resolve("root/srv/data"));
        // mount(8) parses options itself; busybox's hands them to mount(2) as they are, like the shim.
        String seen = Command.run(List.of("unshare", "-m", "busybox", "sh", "-c",
                "cd \"$1\" && busybox mount -t overlay -o \"$2\" overlay \"$3\" && cd \"$3\""
                        + " && busybox cat old both && busybox stat -c ' %u' . && echo new > both",
                "sh", layers.toString(), mount.data(), target.toString()), directory);

        assertThat(seen.strip()).isEqualTo("lowerupper 71");
        assertThat(layers.resolve("2/srv/data/both")).hasContent("upper");
        assertThat(layout.volumeUpper(ID, 1).resolve("both")).hasContent("new");
        assertThat(volumes.host()).contains(new HostStep.Own(layout.volumeUpper(ID, 1), 71, 72, 01770,
                "as it is in the image"));
    }
}
