package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

class SysctlTests {

    @ParameterizedTest
    @ValueSource(strings = { "fs.nr_open", "kernel.hostname", "user.max_user_namespaces",
            "net.ipv4.ip_local_port_range" })
    void aSettingIsWhatTheShellReads(String name) throws IOException {
        Process cat = new ProcessBuilder("cat", "/proc/sys/" + name.replace('.', '/')).start();
        String said = new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(Sysctl.get(name)).isNotEmpty().isEqualTo(said.strip());
    }

    @Test
    void aSettingThatIsNotThereIsNoAnswer() {
        assertThatThrownBy(() -> Sysctl.get("kernel.none")).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("/proc/sys/kernel/none");
    }
}
