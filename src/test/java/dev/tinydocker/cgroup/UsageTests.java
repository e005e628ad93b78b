package dev.tinydocker.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Files as kernels write them, and what is read from them. */
class UsageTests {

    private static final String ID = FakeHost.ID;

    @TempDir
    Path directory;

    @Test
    void versionOneHasItInManyTrees() throws IOException {
        Usage usage = new FakeHost(directory).first("cpu,cpuacct", "rw,cpu,cpuacct").first("memory", "rw,memory")
                .first("pids", "rw,pids").first("blkio", "rw,blkio")
                .file("cpu,cpuacct/tiny/" + ID + "/cpuacct.usage", "2500000000\n")
                .file("cpu,cpuacct/tiny/" + ID + "/cpuacct.stat", "user 200\nsystem 50\n")
                .file("cpu,cpuacct/tiny/" + ID + "/cpu.stat", "nr_periods 9\nnr_throttled 3\nthrottled_time 7000000\n")
                .file("cpu,cpuacct/tiny/" + ID + "/cpu.cfs_quota_us", "50000\n")
                .file("cpu,cpuacct/tiny/" + ID + "/cpu.shares", "512\n")
                .file("memory/tiny/" + ID + "/memory.usage_in_bytes", "9000\n")
                .file("memory/tiny/" + ID + "/memory.max_usage_in_bytes", "9500\n")
                .file("memory/tiny/" + ID + "/memory.failcnt", "4\n")
                .file("memory/tiny/" + ID + "/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
                .file("memory/tiny/" + ID + "/memory.stat", "cache 1\npgfault 6\npgmajfault 0\n"
                        + "hierarchical_memory_limit 67108864\n"
                        + "total_cache 3000\ntotal_rss 5000\ntotal_mapped_file 100\ntotal_swap 8\ntotal_pgfault 11\n"
                        + "total_pgmajfault 1\ntotal_inactive_file 2000\n")
                .file("blkio/tiny/" + ID + "/blkio.throttle.io_service_bytes_recursive",
                        "254:0 Read 4096\n254:0 Write 8192\n254:0 Sync 12288\n254:0 Total 12288\nTotal 12288\n")
                .file("blkio/tiny/" + ID + "/blkio.throttle.io_serviced_recursive",
                        "254:0 Read 1\n254:0 Write 2\nTotal 3\n")
                .file("pids/tiny/" + ID + "/cgroup.procs", "17\n18\n").file("pids/tiny/" + ID + "/pids.current", "5\n")
                .file("pids/tiny/" + ID + "/pids.max", "max\n").service().usage(ID);

        assertThat(usage.cpu().total()).isEqualTo(2_500_000_000L);
        assertThat(usage.cpu().user()).isEqualTo(2_000_000_000L);
        assertThat(usage.cpu().system()).isEqualTo(500_000_000L);
        assertThat(usage.cpu().periods()).isEqualTo(9);
        assertThat(usage.cpu().throttledPeriods()).isEqualTo(3);
        assertThat(usage.cpu().throttled()).isEqualTo(7_000_000L);
        assertThat(usage.cpu().quotaMicros()).hasValue(50_000);
        assertThat(usage.cpu().shares()).isEqualTo(512);
        assertThat(usage.memory()).isEqualTo(new Usage.Memory(9000, 9500, 2000, 5000, 3000, 100, 8,
                OptionalLong.of(64 << 20), 4, 2, new Usage.Faults(6, 0), new Usage.Faults(11, 1)));
        assertThat(usage.memory().workingSet()).isEqualTo(7000);
        assertThat(usage.devices()).containsExactly(new Usage.Device(254, 0, 4096, 8192, 1, 2));
        assertThat(usage.processes()).containsExactly(17, 18);
        assertThat(usage.threads()).isEqualTo(5);
        assertThat(usage.threadsLimit()).isEmpty();
        assertThat(usage.pressure()).isEmpty();
    }

    /** A kernel without that controller, or a host that has not mounted it. */
    @Test
    void processesAreFoundWithoutATreeThatCountsThem() throws IOException {
        Usage usage = new FakeHost(directory).first("net_cls", "rw,net_cls").first("memory", "rw,memory")
                .first("freezer", "rw,freezer").file("freezer/tiny/" + ID + "/cgroup.procs", "17\n18\n").service()
                .usage(ID);
        assertThat(usage.processes()).containsExactly(17, 18);
        assertThat(usage.threads()).as("nobody counts them").isZero();
    }

    @Test
    void versionTwoHasItInOneAndPressureToo() throws IOException {
        String cgroup = "cg/tiny/" + ID + "/";
        Usage usage = new FakeHost(directory).second("cg")
                .file(cgroup + "cpu.stat", "usage_usec 2500\nuser_usec 2000\nsystem_usec 500\nnr_periods 9\n"
                        + "nr_throttled 3\nthrottled_usec 7\n")
                .file(cgroup + "cpu.max", "20000 40000\n").file(cgroup + "cpu.weight", "100\n")
                .file(cgroup + "memory.current", "9000\n")
                .file(cgroup + "memory.peak", "9500\n").file(cgroup + "memory.max", "max\n")
                .file(cgroup + "memory.swap.current", "8\n")
                .file(cgroup + "memory.events", "low 0\nhigh 0\nmax 4\noom 2\noom_kill 2\n")
                .file(cgroup + "memory.stat", "anon 5000\nfile 3000\nfile_mapped 100\ninactive_file 10000\npgfault 11\n"
                        + "pgmajfault 1\n")
                .file(cgroup + "io.stat", "8:16 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n8:0\n")
                .file(cgroup + "cgroup.procs", "17\n").file(cgroup + "pids.current", "1\n")
                .file(cgroup + "pids.max", "100\n")
                .file(cgroup + "memory.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=30\n"
                        + "full avg10=0.00 avg60=0.00 avg300=0.00 total=20\n")
                .file(cgroup + "cpu.pressure", "some avg10=1.50 avg60=0.00 avg300=0.00 total=10\n").service().usage(ID);

        assertThat(usage.cpu().total()).isEqualTo(2_500_000);
        assertThat(usage.cpu().throttled()).isEqualTo(7000);
        assertThat(usage.cpu().quotaMicros()).hasValue(20_000);
        assertThat(usage.cpu().periodMicros()).isEqualTo(40_000);
        assertThat(usage.cpu().shares()).isEqualTo(2597);
        assertThat(usage.memory().limit()).isEmpty();
        assertThat(usage.memory().oomKills()).isEqualTo(2);
        assertThat(usage.memory().failures()).isEqualTo(4);
        assertThat(usage.memory().faults()).isEqualTo(usage.memory().allFaults()).isEqualTo(new Usage.Faults(11, 1));
        assertThat(usage.memory().workingSet()).as("never below nothing").isZero();
        assertThat(usage.devices()).containsExactly(new Usage.Device(8, 16, 4096, 8192, 1, 2));
        assertThat(usage.threadsLimit()).hasValue(100);
        assertThat(usage.pressure()).isEqualTo(Map.of("memory", new Usage.Pressure(30, 20), "cpu",
                new Usage.Pressure(10, 0)));
    }

    /** A container that may write to its cgroups has them all below: version 2 allows none beside a cgroup with limits. */
    @Test
    void processesInCgroupsBelowAreTheContainersToo() throws IOException {
        Usage usage = new FakeHost(directory).second("cg").file("cg/tiny/" + ID + "/cgroup.procs", "")
                .file("cg/tiny/" + ID + "/init/cgroup.procs", "17\n")
                .file("cg/tiny/" + ID + "/system/web/cgroup.procs", "18\n19\n").service().usage(ID);
        assertThat(usage.processes()).containsExactlyInAnyOrder(17, 18, 19);
    }

    @Test
    void whatIsGoneUsesNothing() throws IOException {
        Usage usage = new FakeHost(directory).second("cg").service().usage(ID);
        assertThat(usage.cpu().total()).isZero();
        assertThat(usage.processes()).isEmpty();
        assertThat(usage.devices()).isEqualTo(List.of());
    }
}
