package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTests {

    @Test
    void addressesAreReadAndWritten() {
        assertThat(Ipv4.parse("192.168.255.1").toString()).isEqualTo("192.168.255.1");
        assertThat(Ipv4.parse("10.0.0.255").plus(1)).isEqualTo(Ipv4.parse("10.0.1.0"));
        assertThat(Ipv4.parse("200.0.0.1")).isGreaterThan(Ipv4.parse("100.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "::1", "1.2.3.٤" })
    void whatIsNoAddressIsRefused(String word) {
        assertThatIllegalArgumentException().isThrownBy(() -> Ipv4.parse(word));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/24", "10.0.0.0/-1", "/8" })
    void whatIsNoSubnetIsRefused(String word) {
        assertThatIllegalArgumentException().isThrownBy(() -> Subnet.parse(word));
    }

    @Test
    void subnetsOverlapWhereOneIsInTheOther() {
        Subnet wide = Subnet.parse("10.0.0.0/8");
        Subnet narrow = Subnet.parse("10.1.0.0/16");
        assertThat(wide.overlaps(narrow)).isTrue();
        assertThat(narrow.overlaps(wide)).isTrue();
        assertThat(narrow.overlaps(Subnet.parse("10.2.0.0/16"))).isFalse();
        assertThat(Subnet.parse("0.0.0.0/0").overlaps(narrow)).isTrue();
    }

    @Test
    void theLastAddressIsEverybodys() {
        assertThat(Subnet.parse("10.1.0.0/16").broadcast()).isEqualTo(Ipv4.parse("10.1.255.255"));
        assertThat(Subnet.of(Ipv4.parse("10.1.2.3"), 20)).isEqualTo(Subnet.parse("10.1.0.0/20"));
    }
}
