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
import org.springframework.beans.factory.support.StaticListableBeanFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongFunction;
import java.util.stream.Stream;

class VolumeServiceTests {

    private final List<Path> bound = new ArrayList<>();
    @SuppressWarnings("NullAway")
    private final VolumeService volumes = new VolumeService(null, new Sources(null,
            new StaticListableBeanFactory(Map.of("users", new Users())).getBeanProvider(VolumeUsers.class)));
    private static final LongFunction<OptionalInt> SAME = id -> OptionalInt.of((int) id);

    @TempDir
    Path directory;

    private Bind bind(String source, String target, boolean create) {
        return new Bind(directory.resolve(source).toString(), target, false, create, true, "rprivate", List.of());
    }

    @Test
    void whatOthersLieInIsMountedFirst() {
        List<ShimStep> steps = volumes.steps(
                List.of(bind("a", "/data/inner/most", true), new Tmpfs("/data", null, null, false, false),
                        bind("b", "/data/inner", true), bind("c", "/other", true)), _ -> false, SAME);

        assertThat(steps).extracting(step -> step instanceof ShimStep.BindIn b ? b.target() : ((ShimStep.MountIn) step)
                .target())
                .containsExactly("/data", "/other", "/data/inner", "/data/inner/most");
    }

    @Test
    void theTargetIsAFileWhereTheSourceIs() throws IOException {
        Files.writeString(directory.resolve("file"), "x");
        Files.createDirectory(directory.resolve("dir"));

        assertThat(volumes.steps(List.of(bind("file", "/f", true), bind("dir", "/d", true)), _ -> false, SAME))
                .map(ShimStep.BindIn.class::cast)
                .extracting(ShimStep.BindIn::make).containsExactly(MountPoint.FILE, MountPoint.DIRECTORY);
    }

    @Test
    void readOnlyAndPropagationReachTheKernelAsAttributes() {
        ShimStep.BindIn step = (ShimStep.BindIn) volumes.steps(
                List.of(new Bind("/s", "/t", true, true, false, "rslave", List.of())), _ -> true, SAME).getFirst();
        assertThat(step.attributes()).isEqualTo(MountFlags.MOUNT_ATTR_RDONLY | MountFlags.MOUNT_ATTR_NOSUID
                | MountFlags.MOUNT_ATTR_NODEV | MountFlags.MOUNT_ATTR_IDMAP);
        assertThat(step.propagation()).isEqualTo(MountFlags.MS_SLAVE);
        assertThat(step.recursive()).isFalse();
    }

    @Test
    void aTmpfsCarriesItsSizeAndMode() {
        ShimStep.MountIn step = (ShimStep.MountIn) volumes.steps(List.of(new Tmpfs("/t", 65536L, 0755, true, false)), _ -> true, SAME)
                .getFirst();
        assertThat(step.data()).isEqualTo("size=65536,mode=755");
        assertThat(step.flags())
                .isEqualTo(MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC | MountFlags.MS_RDONLY);
        step = (ShimStep.MountIn) volumes.steps(List.of(new Tmpfs("/t", null, null, false, true)), _ -> true, SAME).getFirst();
        assertThat(step.data()).isEmpty();
        assertThat(step.flags()).isEqualTo(MountFlags.MS_NOSUID | MountFlags.MS_NODEV);
    }

    @Test
    void aTmpfsIsGivenToWhomTheContainerNames() {
        Tmpfs memory = new Tmpfs("/t", null, null, false, false, 1000L, 4_294_967_294L, 100L, List.of("suid"));
        ShimStep.MountIn step = (ShimStep.MountIn) volumes.steps(List.of(memory), _ -> true,
                id -> OptionalInt.of((int) (id == 1000 ? 101000 : id))).getFirst();
        assertThat(step.data()).isEqualTo("nr_inodes=100,uid=101000,gid=4294967294");
        assertThat(step.flags()).isEqualTo(MountFlags.MS_NODEV | MountFlags.MS_NOEXEC);

        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> volumes.steps(List.of(memory), _ -> true, _ -> OptionalInt.empty()))
                .satisfies(problem -> assertThat(problem.line()).isEqualTo("cannot mount memory on '/t': "
                        + "the container has no user 1000; "
                        + "give a number that its user namespace has, or --userns=host"));
    }

    @Test
    void aMissingSourceIsMadeWhereTheMountAsksForThat() {
        volumes.prepare(List.of(bind("new/dir", "/a", true)), new Made());
        assertThat(directory.resolve("new/dir")).isDirectory();

        Bind strict = bind("other", "/b", false);
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> volumes.prepare(List.of(strict), new Made()))
                .withMessageContaining("bind source path does not exist").withMessageContaining(strict.source());
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void whatWasMadeGoesAgainWhereNobodyHasIt() throws IOException {
        Files.createDirectory(directory.resolve("there"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
        Made made = new Made();
        volumes.prepare(List.of(bind("new/a/deep", "/a", true), bind("new/b", "/b", true), bind("there/c", "/c", true),
                bind("full", "/d", true), bind("had", "/e", true)), made);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> volumes.prepare(List.of(bind("link", "/f", true)), made));
        Files.writeString(directory.resolve("full/file"), "x");
        bound.add(directory.resolve("had/below"));

        volumes.undo(made);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("there", "link",
                    "full", "had");
        }
        assertThat(directory.resolve("there")).isEmptyDirectory();
        volumes.undo(new Made());
    }

    @Test
    void aSourceThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(directory.resolve("file"), "x");
        assertThatExceptionOfType(SystemFailure.class)
                .isThrownBy(() -> volumes.prepare(List.of(bind("file/below", "/a", true)), new Made()))
                .withMessageContaining("/file/below': ENOTDIR (Not a directory)");

        Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> volumes.prepare(List.of(bind("link", "/a", true)), new Made()))
                .satisfies(problem -> assertThat(problem.line()).contains("a link that leads nowhere"));
    }

    @Test
    void twoMountsOnOneTargetAreRefusedBeforeAnythingIsMade() {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> volumes.prepare(List.of(bind("new", "/a", true),
                        new Tmpfs("/a", null, null, false, false)), new Made()));
        assertThat(directory.resolve("new")).doesNotExist();
    }

    /** Nobody has a volume. */
    private final class Users implements VolumeUsers {

        @Override
        public List<Use> uses() {
            return List.of();
        }

        @Override
        public List<Path> bound() {
            return bound;
        }

        @Override
        public void removing(Runnable removal) {
            removal.run();
        }
    }
}
