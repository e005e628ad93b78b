package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.security.ResourceLimit;
import org.junit.jupiter.api.Test;

class WallCheckTests {

    @Test
    void theLastMountOnAPlaceCounts() {
        MountTable table = MountTable.parse("""
                22 1 0:20 / /sys rw,nosuid - sysfs sysfs rw
                23 1 0:21 / /with\\040a\\040blank ro,nodev - tmpfs tmpfs rw
                24 22 0:20 / /sys ro,nosuid,nodev,noexec master:1 - sysfs sysfs rw
                """);
        assertThat(table.options("/sys")).containsExactly("ro", "nosuid", "nodev", "noexec");
        assertThat(table.has("/with a blank", "nodev")).isTrue();
        assertThat(table.has("/sys/firmware")).isFalse();
        assertThat(table.has("/sys/firmware", "ro")).isFalse();
    }

    @Test
    void aFileSystemTellsWhatItWasMountedWith() {
        MountTable table = MountTable.parse("""
                243 223 0:86 / /a rw,nosuid,nodev - tmpfs tmpfs rw,size=1024k,nr_inodes=7,uid=5
                244 223 0:87 / /b rw shared:1 - tmpfs size=1k rw
                """);
        assertThat(table.value("/a", "size")).isEqualTo("1024k");
        assertThat(table.value("/a", "nr_inodes")).isEqualTo("7");
        assertThat(table.value("/b", "size")).isEmpty();
        assertThat(table.value("/c", "size")).isEmpty();
    }

    @Test
    void aLimitIsTheLineOfItsNumber() {
        ProcessLimits limits = ProcessLimits.parse("""
                Limit                     Soft Limit           Hard Limit           Units
                Max cpu time              unlimited            unlimited            seconds
                Max file size             18446744073709551614 unlimited            bytes
                Max data size             1                    2                    bytes
                """);
        assertThat(limits.of(new ResourceLimit("data", 0, 0)).word()).isEqualTo("1:2");
        assertThat(limits.of(new ResourceLimit("fsize", 0, 0)).word()).isEqualTo("18446744073709551614:unlimited");
        assertThat(limits.of(new ResourceLimit("cpu", 0, 0)).hard()).isEqualTo(-1);
    }

    @Test
    void aProcessIsReadAsTheKernelWritesIt() {
        ProcessState state = ProcessState.parse("Name:\tsh\nUid:\t0\t1000\t0\t0\n"
                + "CapEff:\t00000000a80425fb\nSeccomp:\t2\n");
        assertThat(state.user()).isEqualTo(1000);
        assertThat(state.mask("CapEff")).isEqualTo(0xa80425fbL);
        assertThat(state.number("Seccomp")).isEqualTo(2);
        assertThat(state.number("NoNewPrivs")).isZero();
    }
}
