package dev.tinydocker.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

class AppArmorTests {

    private final List<String> loaded = new ArrayList<>();
    private AppArmor appArmor;

    @TempDir
    Path policy;

    @BeforeEach
    void begin() {
        appArmor = new AppArmor(true, (name, text) -> {
            assertThat(text).startsWith("profile " + name + " ");
            loaded.add(name);
            try {
                return Files.createFile(policy.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, Duration.ofMinutes(1));
    }

    @Test
    void aProfileIsLoadedOnce() {
        for (int i = 0; i < 3; i++) {
            assertThat(appArmor.profile(false)).contains(AppArmor.name(false));
            assertThat(appArmor.profile(true)).contains(AppArmor.name(true));
        }
        assertThat(loaded).containsExactly(AppArmor.name(false), AppArmor.name(true));
    }

    @Test
    void userNamespacesAreAllowedWhereThereIsAWordForThem() throws IOException {
        Files.createFile(policy.resolve("3.0"));
        assertThat(AppArmor.users(policy)).isEmpty();
        Files.createFile(policy.resolve("4.0"));
        assertThat(AppArmor.users(policy)).isEqualTo("  userns,\n");
    }

    @Test
    void oneThatSomebodyHasUnloadedIsLoadedAgain() throws IOException {
        appArmor.profile(false);
        appArmor.profile(true);
        Files.delete(policy.resolve(AppArmor.name(false)));
        assertThat(appArmor.profile(false)).contains(AppArmor.name(false));
        appArmor.profile(true);
        assertThat(loaded).containsExactly(AppArmor.name(false), AppArmor.name(true), AppArmor.name(false));
    }

    @Test
    void oneThatCannotBeLoadedIsTriedAgainButNotInEveryStart() {
        for (Duration failure : List.of(Duration.ofMinutes(1), Duration.ZERO)) {
            AppArmor broken = new AppArmor(true, (name, _) -> {
                loaded.add(name);
                return null;
            }, failure);
            assertThat(broken.profile(false)).isEmpty();
            assertThat(broken.profile(false)).isEmpty();
        }
        assertThat(loaded).hasSize(3);
    }

    /** What a path pattern of apparmor.d(5) stands for. */
    private static Pattern pattern(String glob) {
        return Pattern.compile(glob.replace("**", "\0").replace("*", "[^/]*").replace("\0", ".*")
                .replace('{', '(').replace('}', ')').replace(',', '|'));
    }

    private static boolean isWritten(String path) {
        return AppArmor.text(false).lines().map(String::strip).filter(line -> line.matches("deny /.* [rwklx]*w[klx]*,"))
                .map(line -> line.split(" ")[1]).noneMatch(glob -> pattern(glob).matcher(path).matches());
    }

    @ParameterizedTest
    @ValueSource(strings = { "/proc/sysrq-trigger", "/proc/mtrr", "/proc/sys/kernel/sysrq", "/proc/sys/kernel/sched_child_first",
            "/proc/sys/kernel/threads-max", "/proc/sys/kernel/random/boot_id", "/proc/sys/kernel/keys/maxkeys",
            "/proc/sys/fs/file-max", "/proc/sys/fs/binfmt_misc/register", "/proc/sys/vm/swappiness",
            "/proc/sys/net/ipv4/ip_forward", "/proc/sys/debug/exception-trace", "/proc/irq/0/smp_affinity",
            "/proc/bus/pci/00/00.0", "/proc/acpi/wakeup", "/proc/scsi/device_info", "/proc/fs/x/y", "/proc/sysvipc/x",
            "/proc/tty/driver/x", "/proc/dynamic_debug/control", "/sys/module/kvm/parameters/x", "/sys/bus/pci/rescan",
            "/sys/class/net/eth0/mtu", "/sys/devices/system/cpu/cpu1/online", "/sys/power/state", "/sys/firmware/efi/x",
            "/sys/fs/selinux/enforce", "/sys/fs/bpf/x", "/sys/fs/ext4/sda/x", "/sys/fs/fuse/connections/1/abort",
            "/sys/kernel/uevent_helper", "/sys/kernel/mm/ksm/run", "/sys/kernel/debug/x", "/sys/block/sda/queue/x" })
    void whatChangesTheHostIsNotWritten(String path) {
        assertThat(isWritten(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = { "/proc/1/oom_score_adj", "/proc/98/task/99/comm", "/proc/7/attr/exec", "/proc/4194304/uid_map",
            "/proc/sys/kernel/shmmax", "/proc/sys/kernel/shm_rmid_forced", "/sys/fs/cgroup/cgroup.procs",
            "/sys/fs/cgroup/memory/x/tasks", "/etc/passwd", "/data/proc/sys/vm/x", "/dev/null" })
    void whatIsTheContainersIsWritten(String path) {
        assertThat(isWritten(path)).isTrue();
    }

    @Test
    void thereIsNoneWithoutIt() {
        assertThat(new AppArmor(false, (_, _) -> policy, Duration.ZERO).profile(false)).isEmpty();
    }
}
