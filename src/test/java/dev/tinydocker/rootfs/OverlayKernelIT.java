package dev.tinydocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.store.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The overlay's options on the real kernel, whatever characters are in the paths. */
class OverlayKernelIT {

    private static final String ID = "3f2a9c1b4d5e".repeat(6).substring(0, 64);

    @TempDir
    Path directory;

    /** As with {@code --rootfs /}: the layer lies somewhere in the directory it is laid over. */
    @Test
    void theDirectoryMayHoldTheLayer() throws IOException {
        Files.writeString(directory.resolve("file"), "image");
        assertLayered(directory, "data");
    }

    @ParameterizedTest
    @ValueSource(strings = { "plain", "a blank", "co:lon", "com,ma", "back\\slash", "all \\:,\\,:' of them\\" })
    void theLayerTakesWhatIsWrittenAndTheDirectoryStays(String name) throws IOException {
        Path lower = Files.createDirectories(directory.resolve("lower").resolve(name));
        Files.writeString(lower.resolve("file"), "image");
        assertLayered(lower, name);
    }

    private void assertLayered(Path lower, String data) throws IOException {
        Layout layout = new Layout(directory.resolve("run").toString(), directory.resolve(data).toString(), ".");
        RootfsService service = RootfsRooms.service(layout, "");
        for (HostStep step : service.hostSteps(ID)) {
            Files.createDirectories(((HostStep.MakeDirectory) step).path());
        }
        ShimStep.Mount mount = (ShimStep.Mount) service.mountSteps(ID, service.directory(lower), true).getFirst();

        // mount(8) parses options itself; busybox's hands them to mount(2) as they are, like the shim.
        String output = Command.run(List.of("unshare", "-m", "busybox", "sh", "-c",
                "busybox mount -t \"$1\" -o \"$2\" \"$3\" \"$4\" && cat \"$4/file\" && echo container > \"$4/file\"",
                "sh", mount.type(), mount.data(), mount.source(), mount.target()), directory);

        assertThat(output).isEqualTo("image\n");
        assertThat(lower.resolve("file")).hasContent("image");
        assertThat(layout.upper(ID).resolve("file")).hasContent("container");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(mount.target());
    }
}
