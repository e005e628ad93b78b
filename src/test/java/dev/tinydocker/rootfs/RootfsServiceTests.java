package dev.tinydocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.store.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

class RootfsServiceTests {

    private static final String ID = "3f2a9c1b4d5e".repeat(6).substring(0, 64);

    @TempDir
    Path directory;

    private RootfsService service(String data) {
        return RootfsRooms.service(new Layout(directory.resolve("run").toString(), directory.resolve(data).toString(),
                "."), "");
    }

    @Test
    void aDirectoryIsUsedAsItIs() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), tree);

        assertThat(service("data").directory(tree))
                .isEqualTo(new Rootfs(tree.toString(), List.of(tree.toRealPath()), List.of(), List.of()));
        assertThat(service("data").directory(link).lower()).containsExactly(tree.toRealPath());
    }

    @Test
    void whatIsNoDirectoryIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> service("data")
                .directory(directory.resolve("missing")))
                .withMessageContaining("no such directory").withMessageContaining("/missing'");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service("data").directory(file))
                .withMessageContaining("not a directory");
    }

    @Test
    void theWritableLayerIsOnTheDataRootAndTheMountPointOnTheRunRoot() {
        List<Path> made = service("data").hostSteps(ID).stream().map(step -> ((HostStep.MakeDirectory) step).path())
                .toList();
        assertThat(made).hasSize(4);
        assertThat(made.subList(0, 3)).allMatch(path -> path.startsWith(directory.resolve("data")));
        assertThat(made.getLast()).startsWithRaw(directory.resolve("run"));
    }

    @Test
    void theOverlayIsVolatileWhereItsLayerGoesWithTheContainer() {
        Rootfs rootfs = new Rootfs("x", List.of(Path.of("/upper one"), Path.of("/other/lower")), List.of(), List.of());

        ShimStep.Mount lasting = (ShimStep.Mount) service("data").mountSteps(ID, rootfs, false).getFirst();
        ShimStep.Mount passing = (ShimStep.Mount) service("data").mountSteps(ID, rootfs, true).getFirst();

        assertThat(lasting.data()).startsWith("lowerdir=/upper one:/other/lower,upperdir=" + directory)
                .doesNotContain("volatile");
        assertThat(passing.data()).isEqualTo(lasting.data() + ",volatile");
        assertThat(service("data").mountSteps(ID, rootfs, true).getLast())
                .isEqualTo(new ShimStep.Root(Path.of(passing.target())));
    }

    @Test
    void layersBesideEachOtherAreNamedWithoutTheirDirectorySoThatManyFitAPage() {
        Path layers = directory.resolve("data/l");
        Rootfs rootfs = new Rootfs("x", IntStream.range(1000, 1120).mapToObj(i -> layers.resolve("" + i)).toList(),
                List.of(), List.of());

        List<ShimStep> steps = service("data").mountSteps(ID, rootfs, false);

        assertThat(steps.getFirst()).isEqualTo(new ShimStep.Directory(layers));
        assertThat(((ShimStep.Mount) steps.get(1)).data()).startsWith("lowerdir=1000:1001:").hasSizeLessThan(1000);
    }

    @Test
    void whatPartsOptionsAndLayersIsEscaped() {
        Rootfs rootfs = new Rootfs("x", List.of(Path.of("/a,b:c\\d")), List.of(), List.of());
        ShimStep.Mount mount = (ShimStep.Mount) service("da,ta").mountSteps(ID, rootfs, false).getFirst();
        assertThat(mount.data()).startsWith("lowerdir=/a\\,b\\:c\\\\d,upperdir=").contains("/da\\,ta/");
    }

    @Test
    void whatOthersLieInIsMountedFirstAndDevicesAreMadeAfterThat() {
        List<ShimStep> steps = service("data").fileSystems(OptionalInt.of(5), null);
        assertThat(steps).filteredOn(ShimStep.MountIn.class::isInstance)
                .extracting(step -> ((ShimStep.MountIn) step).target())
                .containsExactly("/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys");
        assertThat(steps).contains(new ShimStep.Mknod(0020666, 0x103, "/dev/null"),
                new ShimStep.Mknod(0020666, 0x500, "/dev/tty"), new ShimStep.Mknod(0020666, 0x109, "/dev/urandom"),
                new ShimStep.Symlink("/proc/self/fd", "/dev/fd"), new ShimStep.Symlink("pts/ptmx", "/dev/ptmx"));
        assertThat(steps.indexOf(new ShimStep.Mknod(0020666, 0x103, "/dev/null"))).isGreaterThan(5);
    }

    @Test
    void sysIsReadOnlyAndOnlyDevTakesDevices() {
        for (ShimStep step : service("data").fileSystems(OptionalInt.of(5), null)) {
            if (step instanceof ShimStep.MountIn mount) {
                assertThat(mount.flags() & MountFlags.MS_NOSUID).as(mount.target()).isNotZero();
                assertThat((mount.flags() & MountFlags.MS_NODEV) == 0).as(mount.target())
                        .isEqualTo(mount.target().equals("/dev") || mount.target().equals("/dev/pts"));
                assertThat((mount.flags() & MountFlags.MS_RDONLY) != 0).as(mount.target())
                        .isEqualTo(mount.target().equals("/sys"));
            }
        }
    }
}
