package dev.tinydocker.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tinydocker.cgroup.CgroupFigure.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where a process is in the trees of both versions, and what is said there of use and limits. */
class CgroupFiguresTests {

    @TempDir
    Path directory;

    private List<CgroupPlace> places(FakeHost host, String membership) throws IOException {
        host.file("membership", membership).service();
        return CgroupPlace.of(directory.resolve("membership"), Hierarchy.read(directory.resolve("mountinfo")));
    }

    @Test
    void versionOneHasATreeForEachController() throws IOException {
        FakeHost host = new FakeHost(directory).first("cpu,cpuacct", "rw,cpu,cpuacct").first("memory", "rw,memory")
                .first("systemd", "rw,name=systemd").second("unified")
                .file("memory/tiny/x/memory.usage_in_bytes", "4096\n")
                .file("memory/tiny/x/memory.limit_in_bytes", "9223372036854771712\n")
                .file("cpu,cpuacct/tiny/x/cpuacct.usage", "77\n")
                .file("cpu,cpuacct/tiny/x/cpu.cfs_quota_us", "-1\n")
                .file("cpu,cpuacct/tiny/x/cpu.shares", "512\n");
        List<CgroupPlace> places = places(host, """
                9:memory:/tiny/x
                8:cpu,cpuacct:/tiny/x
                7:perf_event:/
                1:name=systemd:/tiny/x
                0::/
                """);
        assertThat(places).extracting(CgroupPlace::version, CgroupPlace::controllers, CgroupPlace::path,
                CgroupPlace::directory).containsExactly(
                        tuple(1, List.of("memory"), "/tiny/x", directory.resolve("memory/tiny/x").toString()),
                        tuple(1, List.of("cpu", "cpuacct"), "/tiny/x",
                                directory.resolve("cpu,cpuacct/tiny/x").toString()),
                        tuple(1, List.of("name=systemd"), "/tiny/x", directory.resolve("systemd/tiny/x").toString()),
                        tuple(2, List.of(), "/", directory.resolve("unified").toString()));
        assertThat(CgroupFigures.of(places)).containsExactly(
                new CgroupFigure("memory", Unit.BYTES, 4096L, "memory.usage_in_bytes", null, "memory.limit_in_bytes",
                        ""),
                new CgroupFigure("CPU time", Unit.NANOSECONDS, 77L, "cpuacct.usage", null, "", ""),
                new CgroupFigure("CPU weight", Unit.WEIGHT, null, "", 512L, "cpu.shares", ""));
    }

    @Test
    void versionTwoHasOneForAll() throws IOException {
        FakeHost host = new FakeHost(directory).second("cgroup")
                .file("cgroup/tiny/x/cgroup.controllers", "memory pids cpu\n")
                .file("cgroup/tiny/x/memory.current", "8192\n").file("cgroup/tiny/x/memory.max", "67108864\n")
                .file("cgroup/tiny/x/memory.swap.current", "0\n").file("cgroup/tiny/x/memory.swap.max", "max\n")
                .file("cgroup/tiny/x/pids.current", "2\n").file("cgroup/tiny/x/pids.max", "50\n")
                .file("cgroup/tiny/x/cpu.stat", "usage_usec 12\nuser_usec 7\n")
                .file("cgroup/tiny/x/cpu.max", "25000 100000\n").file("cgroup/tiny/x/cgroup.freeze", "0\n");
        List<CgroupPlace> places = places(host, "0::/tiny/x\n");
        assertThat(places).containsExactly(new CgroupPlace(2, List.of("cpu", "memory", "pids"), "/tiny/x",
                directory.resolve("cgroup/tiny/x").toString()));
        assertThat(CgroupFigures.of(places)).containsExactly(
                new CgroupFigure("memory", Unit.BYTES, 8192L, "memory.current", 67108864L, "memory.max", ""),
                new CgroupFigure("swap", Unit.BYTES, 0L, "memory.swap.current", null, "memory.swap.max", "max"),
                new CgroupFigure("processes", Unit.COUNT, 2L, "pids.current", 50L, "pids.max", ""),
                new CgroupFigure("CPU time", Unit.NANOSECONDS, 12_000L, "cpu.stat", null, "", ""),
                new CgroupFigure("CPU quota", Unit.QUOTA, null, "", 25_000L, "cpu.max", ""),
                new CgroupFigure("freezer", Unit.TEXT, null, "", null, "cgroup.freeze", "0"));
    }

    @Test
    void aProcessThatIsGoneIsNowhere() throws IOException {
        assertThat(places(new FakeHost(directory).second("cgroup"), "")).isEmpty();
        assertThat(CgroupFigures.of(List.of())).isEmpty();
    }
}
