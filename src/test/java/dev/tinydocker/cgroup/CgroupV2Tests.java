package dev.tinydocker.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.plan.HostStep.FilterDevices;
import dev.tinydocker.plan.HostStep.MakeCgroup;
import dev.tinydocker.plan.HostStep.SetCgroup;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.ShimStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class CgroupV2Tests {

    private static final String ID = FakeHost.ID;
    private static final String ALL = "cpuset cpu io memory pids\n";

    @TempDir
    Path directory;

    private FakeHost host() throws IOException {
        return new FakeHost(directory).second("cg").file("cg/cgroup.controllers",
                "cpuset cpu io memory hugetlb pids misc\n")
                .file("cg/cgroup.subtree_control", ALL).file("cg/tiny/cgroup.controllers", ALL)
                .file("cg/tiny/cgroup.subtree_control", ALL).file("cg/tiny/memory.swap.max", "max\n");
    }

    @Test
    void theProcessIsBornInItsCgroupAndSeesItsTreeReadOnly() throws IOException {
        CgroupPlan plan = host().service().plan(ID, Limits.NONE);

        Path cgroup = directory.resolve("cg/tiny").resolve(ID);
        assertThat(plan.host()).hasSize(2);
        assertThat(plan.host().getFirst()).isInstanceOfSatisfying(MakeCgroup.class,
                make -> assertThat(make.path()).isEqualTo(cgroup));
        assertThat(plan.host().getLast()).isInstanceOfSatisfying(FilterDevices.class, filter -> {
            assertThat(filter.cgroup()).isEqualTo(cgroup);
            assertThat(filter.rules()).contains("c 1:3 rwm", "c *:* m").doesNotContain("a *:* rwm");
        });
        assertThat(plan.cloneInto()).isEqualTo(cgroup.toString());
        assertThat(plan.join()).isEmpty();
        ShimStep.MountIn mount = (ShimStep.MountIn) plan.mounts().getFirst();
        assertThat(mount.type()).isEqualTo("cgroup2");
        assertThat(mount.flags()).isEqualTo(
                MountFlags.MS_RDONLY | MountFlags.MS_NOSUID | MountFlags.MS_NOEXEC | MountFlags.MS_NODEV);
    }

    @Test
    void everyLimitIsWrittenToItsFileAndSwapApart() throws IOException {
        CgroupPlan plan = host().service().plan(ID, new Limits(128L << 20, 192L << 20, 150_000L, 1024L, "0-1", 100L));

        assertThat(settings(plan)).containsExactly("memory.max=134217728", "memory.swap.max=67108864",
                "cpu.max=150000 100000", "cpu.weight=39", "cpuset.cpus=0-1", "pids.max=100");
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void swapIsAsMuchAsMemoryUnlessAsked() throws IOException {
        CgroupService service = host().service();
        assertThat(settings(service.plan(ID, new Limits(8L << 20, null, null, null, null, null))))
                .containsExactly("memory.max=8388608", "memory.swap.max=8388608");
        assertThat(settings(service.plan(ID, new Limits(8L << 20, -1L, null, null, null, -1L))))
                .containsExactly("memory.max=8388608");
        assertThat(settings(service.plan(ID, new Limits(8L << 20, 8L << 20, null, null, null, null))))
                .containsExactly("memory.max=8388608", "memory.swap.max=0");
    }

    @Test
    void weightsMeetAtTheEnds() {
        assertThat(CgroupV2.weight(2)).isEqualTo(1);
        assertThat(CgroupV2.weight(1024)).isEqualTo(39);
        assertThat(CgroupV2.weight(262144)).isEqualTo(10000);
    }

    @Test
    void whatTheHostCannotKeepIsAWarning() throws IOException {
        FakeHost host = host().file("cg/cgroup.controllers", "memory pids\n")
                .file("cg/tiny/cgroup.subtree_control", "memory pids\n");
        Files.delete(directory.resolve("cg/tiny/memory.swap.max"));

        CgroupPlan plan = host.service().plan(ID, new Limits(8L << 20, null, 50_000L, null, "0", null));

        assertThat(settings(plan)).containsExactly("memory.max=8388608");
        assertThat(plan.warnings()).hasSize(3).anyMatch(warning -> warning.contains("swapaccount=1"))
                .anyMatch(warning -> warning.startsWith("--cpus has no effect"))
                .anyMatch(warning -> warning.startsWith("--cpuset-cpus has no effect"));
    }

    @Test
    void controllersAreHandedDownToTheParent() throws IOException {
        FakeHost host = host().file("cg/tiny/cgroup.subtree_control", "").file("cg/cgroup.subtree_control", "cpu");

        host.service().plan(ID, Limits.NONE);

        // An ordinary file keeps the last of the words; the kernel adds them up.
        assertThat(directory.resolve("cg/cgroup.subtree_control")).content().startsWith("+pids");
        assertThat(directory.resolve("cg/tiny/cgroup.subtree_control")).content().startsWith("+pids");
    }

    @Test
    void aFurtherProcessIsBornInTheSameCgroup() throws IOException {
        CgroupPlan join = host().service().join(ID);
        assertThat(join.cloneInto()).isEqualTo(directory.resolve("cg/tiny").resolve(ID).toString());
        assertThat(join.host()).isEmpty();
    }

    @Test
    void oomKillsAreCounted() throws IOException {
        FakeHost host = host().file("cg/tiny/" + ID + "/memory.events",
                "low 0\nmax 9\noom 2\noom_kill 2\noom_group_kill 0\n");
        assertThat(host.service().oomKills(ID)).isEqualTo(2);
    }

    @Test
    void theHostIsDescribed() throws IOException {
        CgroupService service = host().service();
        assertThat(service.describe()).isEqualTo("v2");
        assertThat(service.controllers()).containsEntry("memory", true).containsEntry("swap", true)
                .containsEntry("io", true);
    }

    private static List<String> settings(CgroupPlan plan) {
        return plan.host().stream().filter(SetCgroup.class::isInstance).map(SetCgroup.class::cast)
                .map(set -> set.file().getFileName() + "=" + set.value()).toList();
    }
}
