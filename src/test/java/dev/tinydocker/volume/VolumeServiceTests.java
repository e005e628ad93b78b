package dev.tinydocker.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.volume.Mount.Bind;
import dev.tinydocker.volume.Mount.Tmpfs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class VolumeServiceTests {

    private final VolumeService volumes = new VolumeService();

    @TempDir
    Path directory;

    private Bind bind(String source, String target, boolean create) {
        return new Bind(directory.resolve(source).toString(), target, false, create, true, "rprivate", List.of());
    }

    @Test
    void whatOthersLieInIsMountedFirst() {
        List<ShimStep> steps = volumes.steps(
                List.of(bind("a", "/data/inner/most", true), new Tmpfs("/data", null, null, false, false),
                        bind("b", "/data/inner", true), bind("c", "/other", true)), _ -> false);

        assertThat(steps).extracting(step -> step instanceof ShimStep.BindIn b ? b.target() : ((ShimStep.MountIn) step)
                .target())
                .containsExactly("/data", "/other", "/data/inner", "/data/inner/most");
    }

    @Test
    void theTargetIsAFileWhereTheSourceIs() throws IOException {
        Files.writeString(directory.resolve("file"), "x");
        Files.createDirectory(directory.resolve("dir"));

        assertThat(volumes.steps(List.of(bind("file", "/f", true), bind("dir", "/d", true)), _ -> false))
                .map(ShimStep.BindIn.class::cast)
                .extracting(ShimStep.BindIn::make).containsExactly(MountPoint.FILE, MountPoint.DIRECTORY);
    }

    @Test
    void readOnlyAndPropagationReachTheKernelAsAttributes() {
        ShimStep.BindIn step = (ShimStep.BindIn) volumes.steps(
                List.of(new Bind("/s", "/t", true, true, false, "rslave", List.of())), _ -> true).getFirst();
        assertThat(step.attributes()).isEqualTo(MountFlags.MOUNT_ATTR_RDONLY | MountFlags.MOUNT_ATTR_NOSUID
                | MountFlags.MOUNT_ATTR_NODEV | MountFlags.MOUNT_ATTR_IDMAP);
        assertThat(step.propagation()).isEqualTo(MountFlags.MS_SLAVE);
        assertThat(step.recursive()).isFalse();
    }

    @Test
    void aTmpfsCarriesItsSizeAndMode() {
        ShimStep.MountIn step = (ShimStep.MountIn) volumes.steps(List.of(new Tmpfs("/t", 65536L, 0755, true, false)), _ -> true)
                .getFirst();
        assertThat(step.data()).isEqualTo("size=65536,mode=755");
        assertThat(step.flags())
                .isEqualTo(MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC | MountFlags.MS_RDONLY);
        step = (ShimStep.MountIn) volumes.steps(List.of(new Tmpfs("/t", null, null, false, true)), _ -> true).getFirst();
        assertThat(step.data()).isEmpty();
        assertThat(step.flags()).isEqualTo(MountFlags.MS_NOSUID | MountFlags.MS_NODEV);
    }

    @Test
    void aMissingSourceIsMadeWhereTheMountAsksForThat() {
        volumes.prepare(List.of(bind("new/dir", "/a", true)));
        assertThat(directory.resolve("new/dir")).isDirectory();

        Bind strict = bind("other", "/b", false);
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> volumes.prepare(List.of(strict)))
                .withMessageContaining("bind source path does not exist").withMessageContaining(strict.source());
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void aSourceThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(directory.resolve("file"), "x");
        assertThatExceptionOfType(SystemFailure.class)
                .isThrownBy(() -> volumes.prepare(List.of(bind("file/below", "/a", true))))
                .withMessageContaining("/file/below': Not a directory");

        Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> volumes.prepare(List.of(bind("link", "/a", true))))
                .satisfies(problem -> assertThat(problem.line()).contains("a link that leads nowhere"));
    }

    @Test
    void twoMountsOnOneTargetAreRefusedBeforeAnythingIsMade() {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> volumes.prepare(List.of(bind("new", "/a", true),
                        new Tmpfs("/a", null, null, false, false))));
        assertThat(directory.resolve("new")).doesNotExist();
    }
}
