package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.linux.Subnet;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkSettingsTests {

    @Test
    void whatIsShippedLeavesTheSubnetToTheEngine() {
        NetworkSettings shipped = new NetworkSettings("tiny0", "");
        assertThat(shipped.bridge()).isEqualTo("tiny0");
        assertThat(shipped.subnet()).isEmpty();
        assertThat(new NetworkSettings("br-1", "10.9.0.0/24").subnet()).contains(Subnet.parse("10.9.0.0/24"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "sixteen-letters-", "a b", "a/b", "0x", "a\"; flush ruleset" })
    void aNameThatNoLinkCanHaveIsRefused(String name) {
        assertThatThrownBy(() -> new NetworkSettings(name, "").bridge()).isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("cannot name the bridge '" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = { "10.0.0.0", "10.0.0.1/8", "10.0.0.0/30", "0.0.0.0/0", "fd00::/64", "{ 1.2.3.0/24 }" })
    void whatIsNoUsableSubnetIsRefused(String subnet) {
        assertThatThrownBy(() -> new NetworkSettings("tiny0", subnet).subnet()).isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("cannot use the subnet '" + subnet + "'");
    }
}
