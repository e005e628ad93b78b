package dev.tinydocker.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.DeviceFilter;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Cgroups of version 1 on the real kernel. A shell stands for the shim: it joins by its own words, as the child does.
 * Version 2 is proved in the virtual machine.
 */
class CgroupKernelIT {

    private static final String PARENT = "tiny-docker-it-" + ProcessHandle.current().pid();
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final List<Path> ROOTS = Hierarchy.read(Path.of("/proc/self/mountinfo")).stream()
            .filter(hierarchy -> !hierarchy.unified()).map(Hierarchy::root).toList();

    private final CgroupService cgroups = new CgroupService(PARENT, 0);
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void thisHostHasVersion1() {
        assertThat(cgroups.describe()).startsWith("v1");
    }

    @AfterEach
    void nothingIsLeftBehind() {
        cgroups.end(ID);
        processes.forEach(Process::destroyForcibly);
        cgroups.tidy();
        assertThat(ROOTS).allSatisfy(root -> assertThat(root.resolve(PARENT)).doesNotExist());
    }

    @Test
    void limitsAreWhatTheKernelReadsBack() throws IOException {
        make(new Limits(64L << 20, null, 50_000L, 512L, "0", 20L));

        assertThat(value("memory", "memory.limit_in_bytes")).isEqualTo("67108864");
        assertThat(value("cpu", "cpu.cfs_quota_us")).isEqualTo("50000");
        assertThat(value("cpu", "cpu.cfs_period_us")).isEqualTo(Long.toString(Limits.CPU_PERIOD_MICROS));
        assertThat(value("cpu", "cpu.shares")).isEqualTo("512");
        assertThat(value("cpuset", "cpuset.cpus")).isEqualTo("0");
        assertThat(value("pids", "pids.max")).isEqualTo("20");
        assertThat(value("memory", "memory.memsw.limit_in_bytes")).isEqualTo("134217728");
    }

    @Test
    void aParentThatWasLeftHalfMadeIsFinished() throws IOException {
        Path cpuset = ROOTS.stream().filter(root -> root.endsWith("cpuset")).findFirst().orElseThrow().resolve(PARENT);
        Files.createDirectory(cpuset);
        assertThat(cpuset.resolve("cpuset.cpus")).hasContent("\n");

        make(new Limits(null, null, null, null, "0", null));

        assertThat(value("cpuset", "cpuset.cpus")).isEqualTo("0");
        assertThat(value("cpuset", "cpuset.mems")).isNotEmpty();
    }

    @Test
    void aProcessThatJoinsIsInEveryTreeAndItsDevicesAreFew() throws Exception {
        CgroupPlan plan = make(Limits.NONE);
        Process shell = shell(plan,
                "cat /proc/self/cgroup; exec 2>&1; echo > /dev/null && echo null-ok; cat /dev/kmsg");
        String output = output(shell);

        for (String tree : List.of("memory", "cpu", "cpuacct", "pids", "devices", "freezer", "name=systemd")) {
            assertThat(output).contains(":" + tree + ":/" + PARENT + "/" + ID);
        }
        assertThat(output).contains("null-ok").contains("/dev/kmsg: Operation not permitted");
    }

    @Test
    void devicesThatWereAddedBehindTheEnginesBackAreFound() throws IOException {
        Devices more = new Devices(List.of(), List.of("c 10:229 rw"));
        make(cgroups.plan(ID, Limits.NONE, more, false));
        assertThat(cgroups.checkDevices(ID, more, false)).isEqualTo(
                new CgroupService.DeviceCheck("the usual, c 10:229 rw", List.of()));
        assertThat(cgroups.checkDevices(ID, Devices.USUAL, false).beyond()).containsExactly("c 10:229 rw");
        assertThat(cgroups.checkDevices(ID, Devices.USUAL, true)).isEqualTo(
                new CgroupService.DeviceCheck("all", List.of()));

        Path tree = ROOTS.stream().filter(root -> root.endsWith("devices")).findFirst().orElseThrow();
        Files.writeString(tree.resolve(PARENT).resolve(ID).resolve("devices.allow"), "a");
        assertThat(cgroups.checkDevices(ID, more, false).beyond()).containsExactly("a *:* rwm");
    }

    @Test
    void aFurtherProcessJoinsTheSameCgroups() throws Exception {
        make(Limits.NONE);
        String output = output(shell(cgroups.join(ID), "cat /proc/self/cgroup"));
        assertThat(output).contains(":memory:/" + PARENT + "/" + ID).contains(":pids:/" + PARENT + "/" + ID);
    }

    @Test
    void theContainerSeesItsOwnTreesReadOnly() throws Exception {
        CgroupPlan plan = make(new Limits(64L << 20, null, null, null, null, null));
        StringBuilder script = new StringBuilder("set -e; mount --make-rprivate /; "
                + "mount -t tmpfs tmpfs /mnt; mkdir /mnt/host; mount --rbind /sys/fs/cgroup /mnt/host; "
                + "umount -R /sys/fs/cgroup; ");
        for (ShimStep step : plan.mounts()) {
            switch (step) {
                case ShimStep.MountIn mount -> script.append("mkdir -p '").append(mount.target()).append("'; mount ")
                        .append(mount.type().isEmpty() ? "" : "-t " + mount.type() + " " + mount.source() + " ")
                        .append("-o '").append((mount.flags() & 1) != 0 ? "ro" : "rw")
                        .append((mount.flags() & 32) != 0 ? ",remount,bind" : "")
                        .append(mount.data().isEmpty() ? "" : "," + mount.data()).append("' '").append(mount.target())
                        .append("'; ");
                case ShimStep.BindIn bind -> script.append("mkdir -p '").append(bind.target())
                        .append("'; mount --bind -o ro '").append(bind.source().replace("/sys/fs/cgroup", "/mnt/host"))
                        .append("' '").append(bind.target()).append("'; ");
                default -> throw new AssertionError(step);
            }
        }
        script.append("cat /sys/fs/cgroup/memory/memory.limit_in_bytes; cat /proc/self/cgroup;"
                + " mkdir /sys/fs/cgroup/memory/x || echo read-only; mkdir /sys/fs/cgroup/y || echo read-only");
        String output = output(shell(plan, "exec unshare -C -m sh -c \"" + script + "\" 2>&1"));

        assertThat(output).contains("67108864\n").contains(":memory:/\n").contains("name=systemd:/\n");
        assertThat(output).containsPattern("(?s)read-only\n.*read-only\n");
        assertThat(output).doesNotContain("mount:");
    }

    @Test
    void aProcessThatWantsMoreMemoryThanThereIsIsKilledAndCounted() throws Exception {
        CgroupPlan plan = make(new Limits(16L << 20, 16L << 20, null, null, null, null));
        assertThat(cgroups.oomKills(ID)).isZero();

        // tail keeps a line without an end in memory.
        Process hungry = shell(plan, "exec tail -n 1 /dev/zero");

        assertThat(hungry.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(hungry.exitValue()).isEqualTo(128 + 9);
        assertThat(cgroups.oomKills(ID)).isEqualTo(1);
    }

    @Test
    void endKillsAWholeFamilyAndTakesEveryTree() throws Exception {
        CgroupPlan plan = make(Limits.NONE);
        Process family = shell(plan,
                "trap '' TERM; sleep 600 & (trap '' TERM; sleep 601) & echo ready; wait; wait; sleep 602");
        assertThat(family.inputReader().readLine()).isEqualTo("ready");
        assertThat(ROOTS).anySatisfy(root -> assertThat(root.resolve(PARENT).resolve(ID)).exists());

        cgroups.end(ID);

        assertThat(family.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ROOTS).allSatisfy(root -> assertThat(root.resolve(PARENT).resolve(ID)).doesNotExist());
        // Again is fine.
        cgroups.end(ID);
    }

    @Test
    void endWaitsForAProcessThatIsDying() throws Exception {
        CgroupPlan plan = make(Limits.NONE);
        Process shell = shell(plan, "echo ready; exec sleep 600");
        assertThat(shell.inputReader().readLine()).isEqualTo("ready");

        shell.destroyForcibly();
        cgroups.end(ID);

        assertThat(ROOTS).allSatisfy(root -> assertThat(root.resolve(PARENT).resolve(ID)).doesNotExist());
    }

    @Test
    void whatIsFrozenStandsStillUntilItIsThawed() throws Exception {
        Process counter = shell(make(Limits.NONE), "i=0; while :; do i=$((i + 1)); echo $i; done");
        BufferedReader lines = counter.inputReader();
        assertThat(lines.readLine()).isEqualTo("1");

        assertThat(cgroups.freeze(ID)).isTrue();
        assertThat(cgroups.isFrozen(ID)).isTrue();
        long before = ticks(counter.pid());
        // What it had written, and then no more.
        while (lines.ready()) {
            lines.readLine();
        }
        assertThat(ticks(counter.pid())).isEqualTo(before);

        Thread.currentThread().interrupt();
        cgroups.thaw(ID);
        assertThat(Thread.interrupted()).as("an interrupt is kept, and stops nobody from going on").isTrue();
        assertThat(cgroups.isFrozen(ID)).isFalse();
        assertThat(lines.readLine()).isNotEmpty();
        cgroups.end("f".repeat(64));
        assertThat(cgroups.freeze("f".repeat(64))).as("what is gone does not run").isTrue();
    }

    /** The time a process has run: fields 14 and 15 of proc(5). */
    private static long ticks(long pid) throws IOException {
        String[] fields = Files.readString(Path.of("/proc/" + pid + "/stat")).split(" ");
        return Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
    }

    private CgroupPlan make(Limits limits) throws IOException {
        return make(cgroups.plan(ID, limits));
    }

    private static CgroupPlan make(CgroupPlan plan) throws IOException {
        assertThat(plan.warnings()).isEmpty();
        for (HostStep step : plan.host()) {
            switch (step) {
                case HostStep.MakeCgroup make -> Files.createDirectories(make.path());
                case HostStep.SetCgroup set -> Files.writeString(set.file(), set.value());
                case HostStep.FilterDevices filter -> DeviceFilter.attach(filter.cgroup(), filter.rules());
                case HostStep.MakeDirectory _, HostStep.Own _, HostStep.WriteFile _, HostStep.Label _ ->
                    throw new AssertionError(step);
            }
        }
        return plan;
    }

    private Process shell(CgroupPlan plan, String script) throws IOException {
        StringBuilder join = new StringBuilder("set -e; ");
        plan.join().stream().filter(ShimStep.Write.class::isInstance).map(ShimStep.Write.class::cast)
                .forEach(write -> join.append("echo ").append(write.content()).append(" > '").append(write.path())
                        .append("'; "));
        Process process = new ProcessBuilder("sh", "-c", join + "set +e; " + script).redirectErrorStream(true).start();
        processes.add(process);
        return process;
    }

    private static String output(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private static String value(String controller, String file) throws IOException {
        Path root = Hierarchy.read(Path.of("/proc/self/mountinfo")).stream()
                .filter(hierarchy -> hierarchy.controllers().contains(controller)).map(Hierarchy::root).findFirst()
                .orElseThrow();
        try (Stream<String> lines = Files.lines(root.resolve(PARENT).resolve(ID).resolve(file))) {
            return String.join("\n", lines.toList());
        }
    }
}
