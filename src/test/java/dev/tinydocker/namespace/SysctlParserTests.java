package dev.tinydocker.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

class SysctlParserTests {

    @Test
    void aSettingHasANameAndAnyValue() {
        assertThat(SysctlParser.parse("net.ipv4.ping_group_range=0 100"))
                .isEqualTo(Map.entry("net.ipv4.ping_group_range", "0 100"));
        assertThat(SysctlParser.parse("kernel.shmmax=")).isEqualTo(Map.entry("kernel.shmmax", ""));
        assertThat(SysctlParser.parse("fs.mqueue.msg_max=20")).isEqualTo(Map.entry("fs.mqueue.msg_max", "20"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "net.ipv4.ip_forward", "=1", "net=1", "net..ipv4=1", "net.ipv4.=1", "net.ipv4/../x=1",
            "net.../kernel/panic=1", "kernel.panic=1", "kernel.domainname=x", "vm.swappiness=1", "fs.mqueue=1",
            "fs.file-max=1", "/net/ipv4=1", "network.x=1", "kernel.sem.x=1" })
    void whatAContainerHasNotForItselfIsRefused(String word) {
        assertThatThrownBy(() -> SysctlParser.parse(word)).isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("cannot set '" + word + "': ");
    }

    @Test
    void aSlashIsADotOfALinksName() {
        assertThat(SysctlParser.file("net.ipv4.conf.eth0/1.forwarding"))
                .hasToString("/proc/sys/net/ipv4/conf/eth0.1/forwarding");
    }
}
