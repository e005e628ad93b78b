package dev.tinydocker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.Vectors;
import dev.tinydocker.Vectors.Vector;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Plans are written as the shim reads them: all that it takes, in {@code plans.txt}. */
class PlanVectorTests {

    private static final long NEW = CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_NEWPID;
    private static final ShimStep STDIO = new ShimStep.Stdio(false, false, false, 0, 0);
    private static final ShimStep CLONE = new ShimStep.Clone(NEW, "");
    private static final ShimStep TRUE = new ShimStep.Exec(List.of("true"), List.of());

    private static final Map<String, List<ShimStep>> PLANS = Map.of(
            "the shortest", List.of(STDIO, CLONE, TRUE),
            "a join before clone", List.of(STDIO, new ShimStep.Join(1, 1, CloneFlags.CLONE_NEWPID), CLONE, TRUE),
            "empty strings and bytes beyond ASCII", List.of(STDIO, CLONE,
                    new ShimStep.Write(Path.of("/f"), "\0\1ÿ", ""),
                    new ShimStep.Exec(List.of("echo"), List.of("", "grüße"))),
            "one of each", List.of(new ShimStep.ExitRecord(Path.of("/run/exit")),
                    new ShimStep.Log(10_000_000, 3, Path.of("/var/log")), new ShimStep.Stdio(true, true, false, 24, 80),
                    new ShimStep.Users(CloneFlags.CLONE_NEWUTS | CloneFlags.CLONE_NEWIPC | CloneFlags.CLONE_NEWNET,
                            "0 100000 65536\n", "0 100000 65536\n"),
                    new ShimStep.HoldMounts(), new ShimStep.Clone(NEW, "/sys/fs/cgroup/x"), new ShimStep.AwaitHost(),
                    new ShimStep.Write(Path.of("/sys/fs/cgroup/pids/x/tasks"), "0", ""),
                    new ShimStep.Join(4711, 123456, CloneFlags.CLONE_NEWPID),
                    new ShimStep.Unshare(CloneFlags.CLONE_NEWCGROUP, ""),
                    new ShimStep.Owner(100_000, 100_001), new ShimStep.Idmap(Path.of("/var/l"), ""),
                    new ShimStep.Directory(Path.of("/var/l")),
                    new ShimStep.Mount(MountFlags.MS_REC | MountFlags.MS_PRIVATE, "none", "/", "", "", ""),
                    new ShimStep.Root(Path.of("/r")), new ShimStep.Mkdir(0755, "/a/b", ""),
                    new ShimStep.MountIn(14, MountPoint.DIRECTORY, "proc", "/proc", "proc", "", ""),
                    new ShimStep.BindIn(1, true, MountPoint.FILE, MountFlags.MS_PRIVATE, "/etc/hosts", "/etc/hosts",
                            ""),
                    new ShimStep.Mask("/proc/kcore"), new ShimStep.Readonly("/proc/sys"),
                    new ShimStep.Mknod(020666, 259, "/dev/null"), new ShimStep.Symlink("/proc/self/fd", "/dev/fd"),
                    new ShimStep.WriteIn("/proc/sys/a", "1", ""),
                    new ShimStep.Netlink(HexFormat.of().parseHex("2000000010000000"), "", ""),
                            new ShimStep.Hostname("web"),
                    new ShimStep.Pivot(), new ShimStep.Await(), new ShimStep.Rlimit(7, 1024, -1, "nofile"),
                    new ShimStep.Chdir(true, "/work"), new ShimStep.EnterUsers(),
                    new ShimStep.Credentials(0xa80425fbL, 0xa80425fbL, 0x400, "bob:video"),
                    new ShimStep.NoNewPrivs(),
                    new ShimStep.Seccomp(4, HexFormat.of().parseHex("06000000ffff0000"), "builtin"),
                    new ShimStep.Keyring(), new ShimStep.Landlock(0xffff, 1, "/q"),
                    new ShimStep.Console(true), new ShimStep.Init(), new ShimStep.RemountRoot(),
                    new ShimStep.Exec(List.of("sh", "-i"), List.of("PATH=/bin", "TERM=xterm"))));

    @Test
    void everyPlanThatTheShimTakesIsWrittenThatWay() throws IOException {
        Map<String, String> agreed = Vectors.read("plans.txt").stream()
                .filter(vector -> vector.meaning().startsWith("ok "))
                .collect(Collectors.toMap(Vector::name, Vector::hex));
        Map<String, String> written = new HashMap<>();
        PLANS.forEach((name, steps) -> written.put(name, HexFormat.of().formatHex(PlanEncoder.encode(steps))));
        assertThat(written).isEqualTo(agreed);
    }
}
