package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

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
    void aProcessIsReadAsTheKernelWritesIt() {
        ProcessState state = ProcessState.parse("Name:\tsh\nUid:\t0\t1000\t0\t0\n"
                + "CapEff:\t00000000a80425fb\nSeccomp:\t2\n");
        assertThat(state.user()).isEqualTo(1000);
        assertThat(state.mask("CapEff")).isEqualTo(0xa80425fbL);
        assertThat(state.number("Seccomp")).isEqualTo(2);
        assertThat(state.number("NoNewPrivs")).isZero();
    }
}
