package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class PrivilegesTests {

    @Test
    void capabilitiesAreReadFromTheStatusOfAProcess() {
        assertThat(Privileges.effectiveCapabilities("Name:\tx\nCapPrm:\tffff\nCapEff:\t00000000a80425fb\nCapBnd:\tffff\n"))
                .isEqualTo(0xa80425fbL);
        assertThat(Privileges.effectiveCapabilities("Name:\tx\n")).isZero();
    }

    @Test
    void aHardLimitIsWhatTheShellSaysOfIt() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "ulimit -Hn").start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(Long.toUnsignedString(Privileges.hardLimit(7))).isEqualTo(said);
    }
}
