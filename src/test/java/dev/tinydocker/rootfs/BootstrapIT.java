package dev.tinydocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.store.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Debian of its packages, by mmdebstrap from this host's registry. */
@Timeout(300)
class BootstrapIT {

    @TempDir
    Path directory;

    @Test
    void debianIsMadeOfItsPackagesAndKnowsNothingOfThisHost() throws IOException {
        Path home = Files.createDirectories(directory.resolve("home"));
        Files.createDirectories(home.resolve("config"));
        Files.copy(Path.of("config/rootfs.yml"), home.resolve("config/rootfs.yml"));
        RootfsService service = RootfsRooms.service(new Layout(directory.resolve("run").toString(),
                directory.resolve("data").toString(), home.toString()), "");
        List<String> progress = new ArrayList<>();
        List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo"));

        Path root = service.catalogue("debian:12", progress::add).lower().getFirst();

        assertThat(root.resolve("etc/debian_version")).content().startsWith("12.");
        assertThat(Command.run(List.of("chroot", root.toString(), "apt-get", "--version"), directory))
                .startsWith("apt 2.");
        assertThat(root.resolve("etc/hostname")).isEmptyFile();
        assertThat(root.resolve("etc/resolv.conf")).isEmptyFile();
        assertThat(progress).contains("making Debian bookworm of its packages with mmdebstrap");
        assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
        try (Stream<Path> kept = Files.list(home.resolve("rootfs-cache"))) {
            assertThat(kept.map(file -> file.getFileName().toString())).allMatch(name ->
                    name.matches("debian-bookworm-[a-z0-9_]+\\.tar\\.zst(\\.sha256)?")).hasSize(2);
        }
    }
}
