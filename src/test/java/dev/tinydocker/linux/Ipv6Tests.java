package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv6Tests {

    @ParameterizedTest
    @CsvSource({ "::, ::", "::1, ::1", "fd00:0:0:1::, fd00:0:0:1::", "2001:DB8::0:1, 2001:db8::1",
            "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1", "1:0:0:2:0:0:0:3, 1:0:0:2::3", "fe80::74:aff, fe80::74:aff" })
    void addressesAreWrittenShortAndInLowerCase(String word, String text) {
        assertThat(Ipv6.parse(word)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", ":", "1.2.3.4", "::1%eth0", "fd00::1::2", "fd00::12345", "::1 ", "fd00::1/64",
            "host.test", "::ffff:1.2.3.4" })
    void whatIsNoAddressOfIpv6IsRefused(String word) {
        assertThatThrownBy(() -> Ipv6.parse(word)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + word + "' is no IPv6 address");
    }

    @Test
    void countingGoesOnInTheUpperHalf() {
        assertThat(new Ipv6(1, -1).plus(2)).isEqualTo(new Ipv6(2, 1));
        assertThat(Ipv6.parse("fd00::").plus(0xffff_ffffL)).hasToString("fd00::ffff:ffff");
    }

    @Test
    void subnetsAreOfAnyLength() {
        Subnet6 subnet = Subnet6.parse("fd00:1::/64");
        assertThat(subnet.contains(Ipv6.parse("fd00:1::ffff:1"))).isTrue();
        assertThat(subnet.contains(Ipv6.parse("fd00:1:0:1::"))).isFalse();
        assertThat(subnet.overlaps(Subnet6.parse("fd00::/8"))).isTrue();
        assertThat(subnet.overlaps(Subnet6.parse("fd00:1:0:0:8000::/65"))).isTrue();
        assertThat(subnet.overlaps(Subnet6.parse("fd00:2::/64"))).isFalse();
        assertThat(Subnet6.parse("::/0").contains(Ipv6.LOOPBACK)).isTrue();
        assertThat(Subnet6.parse("::1/128").contains(Ipv6.ANY)).isFalse();
        assertThatThrownBy(() -> Subnet6.parse("fd00::1/64")).hasMessageContaining("bits set behind its prefix");
        assertThatThrownBy(() -> Subnet6.parse("fd00::/129")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Subnet6.parse("fd00::")).hasMessage("'fd00::' is no subnet");
    }
}
