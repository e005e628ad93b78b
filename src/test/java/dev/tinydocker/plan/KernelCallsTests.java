package dev.tinydocker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

/** Calls as strace(1) writes them; that they are the true ones is tested on a kernel. */
class KernelCallsTests {

    private static List<String> calls(ShimStep step, Outcome outcome) {
        return step.calls(outcome).stream().map(KernelCall::toString).toList();
    }

    @Test
    void flagsHaveTheNamesOfTheKernelsHeaders() {
        assertThat(calls(new ShimStep.Clone(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_NEWUTS, "/sys/fs/cgroup/x"),
                Outcome.AS_PLANNED)).containsExactly(
                        "clone3(flags=CLONE_NEWNS|CLONE_NEWUTS|CLONE_PIDFD|CLONE_INTO_CGROUP, exit_signal=SIGCHLD)");
        assertThat(calls(new ShimStep.Mount(MountFlags.MS_NODEV | MountFlags.MS_RDONLY | 1L << 40, "a", "/b", "ext4",
                "", "why"), Outcome.AS_PLANNED)).containsExactly(
                        "mount(\"a\", \"/b\", \"ext4\", MS_RDONLY|MS_NODEV|0x10000000000, NULL)");
        assertThat(calls(new ShimStep.Landlock(0x8001, 0, "/q"), Outcome.AS_PLANNED)).startsWith("landlock_create_ruleset("
                + "handled_access_fs=LANDLOCK_ACCESS_FS_EXECUTE|LANDLOCK_ACCESS_FS_IOCTL_DEV, scoped=0)");
        assertThat(calls(new ShimStep.Mknod(020666, 0x103, "/dev/null"), Outcome.AS_PLANNED))
                .containsExactly("mknodat(\"/dev/null\", 020666, makedev(1, 3))");
    }

    @Test
    void aMaskIsToldAsItCameOut() {
        ShimStep mask = new ShimStep.Mask("/proc/kcore");
        assertThat(calls(mask, Outcome.NOTHING)).singleElement().asString().startsWith("openat2");
        assertThat(calls(mask, Outcome.DIRECTORY)).element(1).asString().startsWith("mount(\"tmpfs\"");
        assertThat(calls(mask, Outcome.DIRECTORY_AGAIN)).last().asString().startsWith("move_mount");
        assertThat(calls(mask, Outcome.AS_PLANNED)).last().asString().startsWith("move_mount");
        assertThat(calls(mask, Outcome.HOST_NULL)).contains(
                "mount_setattr(AT_EMPTY_PATH|AT_RECURSIVE, attr_set=MOUNT_ATTR_RDONLY)");
    }

    @Test
    void whoIsNotRootKeepsWhatIsAmbient() {
        ShimStep.Credentials step = new ShimStep.Credentials(-1, 1, 1 << 13, "bob");
        assertThat(calls(step, Outcome.USER)).contains("prctl(PR_SET_KEEPCAPS, 1)", "setresuid(bob)",
                "capset(effective=CAP_NET_RAW)", "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW)");
        assertThat(calls(step, Outcome.AS_PLANNED)).contains("capset(effective=CAP_CHOWN)")
                .noneMatch(call -> call.contains("RAISE"));
    }

    @Test
    void whoHasANumberIsPlannedAsWhoHeWillBe() {
        assertThat(new ShimStep.Credentials(3, 1, 0, "1000:1000")).returns("become user 1000:1000 with no capability, and "
                + "never more than 2 capabilities", ShimStep.Credentials::what).extracting(ShimStep.Credentials::calls)
                .asString().contains("capset(effective=0)");
        assertThat(new ShimStep.Credentials(3, 1, 0, "0:7")).returns("become user 0:7 with 1 capability, and never more "
                + "than 2 capabilities", ShimStep.Credentials::what).extracting(ShimStep.Credentials::calls).asString()
                .contains("capset(effective=CAP_CHOWN)");
    }

    @Test
    void usersAndGroupsHaveNoSign() {
        assertThat(calls(new ShimStep.Owner((int) 3_000_000_000L, -2), Outcome.AS_PLANNED)).startsWith(
                "setfsgid(4294967294)", "setfsuid(3000000000)");
        assertThat(new HostStep.Own(Path.of("/d"), (int) 3_000_000_000L, -2, 0755, "why").calls()).element(0)
                .hasToString("chown(\"/d\", 3000000000, 4294967294)");
    }

    @Test
    void everyStepOfTheHostSaysWhatItDoes() {
        assertThat(new HostStep.SetCgroup(Path.of("/c/memory.max"), "5", "why").calls()).hasToString(
                "[open(\"/c/memory.max\", O_WRONLY), write(\"5\")]");
        assertThat(new HostStep.MakeCgroup(Path.of("/c"), "why").who()).isEqualTo("engine");
    }
}
