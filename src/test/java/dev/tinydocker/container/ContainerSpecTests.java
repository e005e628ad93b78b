package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.rootfs.Rootfs;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.volume.Mount;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ContainerSpecTests {

    private static final Rootfs ROOT = new Rootfs("web", List.of(Path.of("/l/1")), List.of(), List.of());
    private static final Base IMAGE = new Base(ROOT, "sha256:1", List.of("/entry"), List.of("serve", "--all"),
            List.of("PATH=/opt/bin", "MODE=fast", "EMPTY"), List.of("/data", "/log"), "web", "/srv", Signal.SIGWINCH,
            Map.of("tier", "front", "maker", "us"), null,
            List.of());

    private static final List<Mount> MOUNTS = List.of(new Mount.Tmpfs("/log", null, null, false, false));

    private static ContainerSpec wish(List<String> command, @Nullable List<String> entrypoint,
            Map<String, String> environment, @Nullable String directory, @Nullable String user,
            @Nullable Integer signal, Map<String, String> labels) {
        return new ContainerSpec(null, null, "web", null, null, null, command, entrypoint, environment, directory,
                user, null,
                MOUNTS, List.of(), false, Limits.NONE, List.of(), signal, 10, false, NetworkWish.NONE, labels, 0,
                false, false,
                false, false, LogSettings.DEFAULT, null, SecurityWish.DEFAULT, null, null, null, null);
    }

    private static ContainerSpec words(List<String> command, @Nullable List<String> entrypoint) {
        return wish(command, entrypoint, Map.of(), null, null, null, Map.of());
    }

    @Test
    void whereNothingIsAskedTheImageDecides() {
        ContainerSpec spec = words(List.of(), null).on(IMAGE);
        assertThat(spec.argv()).containsExactly("/entry", "serve", "--all");
        assertThat(spec.environment())
                .containsExactly(Map.entry("PATH", "/opt/bin"), Map.entry("MODE", "fast"), Map.entry("EMPTY", ""));
        assertThat(spec.user()).isEqualTo("web");
        assertThat(spec.workingDirectory()).isEqualTo("/srv");
        assertThat(spec.stopSignalOrDefault()).isEqualTo(Signal.SIGWINCH);
        assertThat(spec.labels()).isEqualTo(IMAGE.labels());
        assertThat(spec.imageId()).isEqualTo("sha256:1");
        assertThat(spec.volumes()).as("but where something else is mounted").containsExactly("/data");
    }

    @Test
    void whatIsAskedGoesFirst() {
        ContainerSpec spec = wish(List.of("x"), null, Map.of("MODE", "slow"), "/", "0", Signal.SIGINT,
                Map.of("tier", "back")).on(IMAGE);
        assertThat(spec.argv()).containsExactly("/entry", "x");
        assertThat(spec.environment()).containsEntry("MODE", "slow").containsEntry("PATH", "/opt/bin");
        assertThat(spec.user()).isEqualTo("0");
        assertThat(spec.workingDirectory()).isEqualTo("/");
        assertThat(spec.stopSignalOrDefault()).isEqualTo(Signal.SIGINT);
        assertThat(spec.labels()).containsOnly(Map.entry("tier", "back"), Map.entry("maker", "us"));
    }

    @Test
    void anEntrypointTakesTheImagesCommandAway() {
        assertThat(words(List.of(), List.of("/other")).on(IMAGE).argv()).containsExactly("/other");
        assertThat(words(List.of("a"), List.of("/other")).on(IMAGE).argv()).containsExactly("/other", "a");
        assertThat(words(List.of("a"), List.of()).on(IMAGE).argv()).containsExactly("a");
        assertThat(words(List.of(), List.of()).on(IMAGE).argv()).isEmpty();
    }

    @Test
    void filesOfNoImageSayNothingButTheCatalogues() {
        ContainerSpec spec = words(List.of(), null)
                .on(Base.of(new Rootfs("busybox", List.of(Path.of("/b")), List.of("sh"), List.of("A=b"))));
        assertThat(spec.argv()).containsExactly("sh");
        assertThat(spec.environment()).containsExactly(Map.entry("A", "b"));
        assertThat(spec.user()).isNull();
        assertThat(spec.imageId()).isNull();
        assertThat(spec.stopSignalOrDefault()).isEqualTo(Signal.SIGTERM);
    }
}
