package dev.tinydocker.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.plan.CloneFlags;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.HostStep.SetCgroup;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.HostLacks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class CgroupV1Tests {

    private static final String ID = FakeHost.ID;

    @TempDir
    Path directory;

    private FakeHost host() throws IOException {
        return new FakeHost(directory).first("cpu,cpuacct", "rw,cpu,cpuacct").first("memory", "rw,memory")
                .first("pids", "rw,pids").first("devices", "rw,devices").first("cpuset", "rw,cpuset,clone_children")
                .first("blkio", "rw,blkio").first("systemd", "rw,xattr,name=systemd").first("perf_event", "rw,perf_event")
                .second("unified");
    }

    @Test
    void aContainerWithoutLimitsIsCountedAndKeptFromDevicesAndNothingElse() throws IOException {
        CgroupPlan plan = host().service().plan(ID, Limits.NONE);

        assertThat(made(plan)).containsExactly("cpu,cpuacct", "memory", "pids", "devices", "blkio", "systemd");
        assertThat(plan.host()).extracting(HostStep::why).contains("which shares out the processor's time, and counts the "
                + "processor's time", "which finds its processes for systemd", "so that it may use /dev/null");
        assertThat(settings(plan)).startsWith("devices.deny=a").allMatch(setting -> setting.startsWith("devices."))
                .contains("devices.allow=c 1:3 rwm", "devices.allow=c 136:* rwm").hasSize(11)
                .as("this host's console").noneMatch(setting -> setting.contains("5:1"));
        assertThat(plan.warnings()).isEmpty();
        assertThat(plan.cloneInto()).isEmpty();
    }

    @Test
    void howManyProcessesThereMayBeIsSaidInTheConfigurationWhereNobodyAsked() throws IOException {
        assertThat(host().service(7).usual(Limits.NONE).pids()).isEqualTo(7);
        assertThat(host().service(7).usual(Limits.NONE.withPids(-1)).pids()).isEqualTo(-1);
        assertThat(host().service(0).usual(Limits.NONE).pids()).isNull();
    }

    @Test
    void theProcessJoinsByTasksAndUnsharesAfterThat() throws IOException {
        List<ShimStep> join = host().service().plan(ID, Limits.NONE).join();

        assertThat(join).hasSize(7);
        assertThat(join.subList(0, 6)).allSatisfy(step -> {
            ShimStep.Write write = (ShimStep.Write) step;
            assertThat(write.content()).isEqualTo("0");
            assertThat(write.path()).hasFileName("tasks");
            assertThat(write.path().toString()).contains("/tiny/" + ID + "/");
        });
        assertThat(join.getLast()).isInstanceOfSatisfying(ShimStep.Unshare.class,
                unshare -> assertThat(unshare.flags()).isEqualTo(CloneFlags.CLONE_NEWCGROUP));
    }

    @Test
    void everyLimitIsWrittenToItsFileAndMemoryBeforeMemoryWithSwap() throws IOException {
        FakeHost host = host();
        for (String file : List.of("memory/tiny/memory.limit_in_bytes", "memory/tiny/memory.memsw.limit_in_bytes",
                "cpu,cpuacct/tiny/cpu.cfs_quota_us", "cpu,cpuacct/tiny/cpu.shares", "pids/tiny/pids.max")) {
            host.file(file, "");
        }
        host.file("cpuset/tiny/cpuset.cpus", "0-3").file("cpuset/tiny/cpuset.mems", "0-1");

        CgroupPlan plan = host.service().plan(ID, new Limits(8L << 20, null, 50_000L, 512L, "0-1", 100L));

        assertThat(settings(plan)).startsWith("memory.limit_in_bytes=8388608", "memory.memsw.limit_in_bytes=16777216",
                "cpu.cfs_quota_us=50000", "cpu.shares=512", "cpuset.mems=0-1", "cpuset.cpus=0-1", "pids.max=100");
        assertThat(made(plan)).contains("cpuset");
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void swapIsAsAsked() throws IOException {
        FakeHost host = host().file("memory/tiny/memory.limit_in_bytes", "")
                .file("memory/tiny/memory.memsw.limit_in_bytes", "");

        assertThat(settings(host.service().plan(ID, new Limits(8L << 20, -1L, null, null, null, null))))
                .contains("memory.memsw.limit_in_bytes=-1");
        assertThat(settings(host.service().plan(ID, new Limits(8L << 20, 9L << 20, null, null, null, null))))
                .contains("memory.memsw.limit_in_bytes=9437184");
    }

    @Test
    void whatTheHostCannotKeepIsAWarning() throws IOException {
        FakeHost host = host().file("memory/tiny/memory.limit_in_bytes", "");

        CgroupPlan plan = host.service().plan(ID, new Limits(8L << 20, null, 50_000L, null, null, -1L));

        assertThat(plan.warnings()).hasSize(2).anyMatch(warning -> warning.contains("swapaccount=1"))
                .anyMatch(warning -> warning.startsWith("--cpus has no effect"));
        assertThat(settings(plan)).noneMatch(setting -> setting.startsWith("cpu") || setting.startsWith("pids"));
    }

    @Test
    void aFurtherProcessJoinsWhatTheContainerHas() throws IOException {
        FakeHost host = host();
        Files.createDirectories(directory.resolve("memory/tiny/" + ID));
        Files.createDirectories(directory.resolve("pids/tiny/" + ID));

        CgroupPlan join = host.service().join(ID);

        assertThat(join.join()).extracting(step -> ((ShimStep.Write) step).path())
                .containsExactly(directory.resolve("memory/tiny/" + ID + "/tasks"),
                        directory.resolve("pids/tiny/" + ID + "/tasks"));
        assertThat(join.host()).isEmpty();
        assertThat(join.mounts()).isEmpty();
    }

    @Test
    void treesAreShownReadOnlyUnderTheNamesTheHostHas() throws IOException {
        List<ShimStep> mounts = host().service().plan(ID, Limits.NONE).mounts();

        List<ShimStep.BindIn> trees = mounts.stream().filter(ShimStep.BindIn.class::isInstance)
                .map(ShimStep.BindIn.class::cast).toList();
        assertThat(trees).extracting(ShimStep.BindIn::target)
                .containsExactly("/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids",
                        "/sys/fs/cgroup/devices", "/sys/fs/cgroup/blkio", "/sys/fs/cgroup/systemd");
        assertThat(trees).extracting(ShimStep.BindIn::source)
                .contains(directory.resolve("memory/tiny/" + ID).toString());
        assertThat(trees).allMatch(tree -> (tree.attributes() & MountFlags.MOUNT_ATTR_RDONLY) != 0);
        assertThat(mounts.getFirst()).isInstanceOfSatisfying(ShimStep.MountIn.class,
                tmpfs -> assertThat(tmpfs.target()).isEqualTo("/sys/fs/cgroup"));
        assertThat(mounts.getLast()).isInstanceOfSatisfying(ShimStep.MountIn.class,
                remount -> assertThat(remount.flags() & MountFlags.MS_RDONLY).isNotZero());
    }

    @Test
    void oomKillsAreCountedAndNoneWhereThereIsNoCgroup() throws IOException {
        FakeHost host = host();
        assertThat(host.service().oomKills(ID)).isZero();
        host.file("memory/tiny/" + ID + "/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        assertThat(host.service().oomKills(ID)).isEqualTo(3);
    }

    @Test
    void theHostIsDescribed() throws IOException {
        CgroupService service = host().service();
        assertThat(service.describe()).isEqualTo("v1 hybrid");
        assertThat(service.controllers()).containsEntry("memory", true).containsEntry("cpuacct", true)
                .containsEntry("freezer", false).containsEntry("swap", false);
    }

    @Test
    void aBlankInAMountPointIsUnderstood() throws IOException {
        CgroupService service = new FakeHost(directory).first("my memory", "rw,memory").service();
        assertThat(made(service.plan(ID, Limits.NONE))).containsExactly("my memory");
    }

    @Test
    void aHostWithoutCgroupsIsToldSo() throws IOException {
        CgroupService service = new FakeHost(directory).service();
        assertThatExceptionOfType(HostLacks.class).isThrownBy(service::describe);
    }

    /** The trees that get a cgroup of the container. */
    private List<String> made(CgroupPlan plan) {
        return plan.host().stream().filter(HostStep.MakeCgroup.class::isInstance).map(HostStep.MakeCgroup.class::cast)
                .peek(make -> assertThat(make.path()).endsWithRaw(Path.of("tiny", ID)))
                .map(make -> directory.relativize(make.path()).getName(0).toString()).toList();
    }

    private static List<String> settings(CgroupPlan plan) {
        return plan.host().stream().filter(SetCgroup.class::isInstance).map(SetCgroup.class::cast)
                .map(set -> set.file().getFileName() + "=" + set.value()).toList();
    }
}
