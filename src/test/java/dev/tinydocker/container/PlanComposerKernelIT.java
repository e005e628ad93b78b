package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.rootfs.RootfsService;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.store.TreeDeleter;
import dev.tinydocker.volume.Mount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The order of a plan, whatever this host's cgroups are: what must come before what. */
class PlanComposerKernelIT {

    private Path root;
    private ConfigurableApplicationContext context;
    private List<ShimStep> plan;

    @BeforeEach
    void compose() throws Exception {
        root = Files.createTempDirectory("td");
        Path tree = Files.createDirectory(root.resolve("tree"));
        context = EngineRooms.start(root);
        ContainerSpec spec = new ContainerSpec("web", tree.toString(), null, null, null, null, List.of("sh"), null,
                Map.of("A", "b"),
                "/srv", "user", null,
                List.of(new Mount.Tmpfs("/scratch", null, null, false, false)), List.of(), true,
                new Limits(128L << 20, null, null, null, null, 10L), List.of(), 15, 10, true, NetworkWish.NONE,
                        Map.of(), 100, true, true,
                true, false, LogSettings.DEFAULT, null, SecurityWish.DEFAULT, null, null, null, null);
        Container container = new Container("c".repeat(64), "web", "image", List.of("sh"), spec, ContainerState.CREATED,
                null,
                Instant.EPOCH, null, null, null, false, null, null);
        plan = context.getBean(PlanComposer.class).container(container,
                context.getBean(RootfsService.class).directory(tree), List.of()).shim();
    }

    @AfterEach
    void close() throws Exception {
        context.close();
        TreeDeleter.delete(root);
    }

    @Test
    void theShimsOwnStepsComeFirstAndExecIsLast() {
        assertThat(plan.subList(0, 4)).extracting(Object::getClass)
                .containsExactly(ShimStep.Stdio.class, ShimStep.ExitRecord.class, ShimStep.Log.class,
                        ShimStep.Clone.class);
        assertThat(plan.getLast()).isInstanceOf(ShimStep.Exec.class);
    }

    @Test
    void whatTheEngineMakesBesideIsUsedOnceItIsThere() {
        int host = index(ShimStep.AwaitHost.class);
        for (int i = 0; i < host; i++) {
            assertThat(plan.get(i).toString()).doesNotContain("/sys/fs/cgroup/", "/etc/hosts");
        }
        assertThat(plan.subList(host, plan.size()).toString()).contains("/sys/fs/cgroup/", "/etc/hosts");
    }

    @Test
    void noMountIsMadeBeforeTheMountTableIsPrivateAndNoneOfTheHostsFilesIsWrittenAfterPivot() {
        ShimStep first = plan.stream().filter(step -> step instanceof ShimStep.Mount
                || step instanceof ShimStep.MountIn).findFirst()
                .orElseThrow();
        assertThat(first).isInstanceOfSatisfying(ShimStep.Mount.class,
                mount -> assertThat(mount.target()).isEqualTo("/"));
        assertThat(last(ShimStep.Write.class)).isLessThan(index(ShimStep.Pivot.class));
        assertThat(last(ShimStep.MountIn.class)).isLessThan(index(ShimStep.Pivot.class));
        assertThat(last(ShimStep.BindIn.class)).isLessThan(index(ShimStep.Pivot.class));
    }

    @Test
    void everythingRootMustDoComesBeforeRootIsGivenUp() {
        int given = index(ShimStep.Credentials.class);
        assertThat(index(ShimStep.RemountRoot.class)).isBetween(index(ShimStep.Pivot.class), given);
        assertThat(index(ShimStep.Console.class)).isBetween(index(ShimStep.Pivot.class), given);
        assertThat(index(ShimStep.Chdir.class)).isLessThan(given);
        assertThat(index(ShimStep.Init.class)).isGreaterThan(given);
    }

    @Test
    void theEnvironmentIsDockers() {
        ShimStep.Exec exec = (ShimStep.Exec) plan.getLast();
        assertThat(exec.environment()).containsExactly("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOSTNAME=cccccccccccc", "TERM=xterm", "A=b");
    }

    private int index(Class<? extends ShimStep> kind) {
        return plan.indexOf(plan.stream().filter(kind::isInstance).findFirst().orElseThrow());
    }

    private int last(Class<? extends ShimStep> kind) {
        return plan.lastIndexOf(plan.stream().filter(kind::isInstance).reduce((_, later) -> later).orElseThrow());
    }
}
