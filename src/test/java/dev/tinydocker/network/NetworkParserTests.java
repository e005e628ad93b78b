package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.linux.Subnet;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkParserTests {

    private static NewNetwork read(Driver driver, String... words) {
        NetworkParser parser = new NetworkParser("back", driver);
        boolean internal = false;
        boolean ipv6 = false;
        for (String word : words) {
            String value = word.substring(word.indexOf(' ') + 1);
            switch (word.substring(0, Math.max(word.indexOf(' '), 0))) {
                case "subnet" -> parser.subnet(value);
                case "gateway" -> parser.gateway(value);
                case "range" -> parser.range(value);
                case "option" -> parser.option(value);
                case "label" -> parser.label(value);
                default -> {
                    internal |= word.equals("internal");
                    ipv6 |= word.equals("ipv6");
                }
            }
        }
        return parser.wish(internal, ipv6);
    }

    @Test
    void whatIsNotAskedIsLeftToTheEngine() {
        NewNetwork wish = read(Driver.BRIDGE);
        assertThat(wish.pool()).isNull();
        assertThat(wish.pool6()).isNull();
        assertThat(wish.ipv6() || wish.internal()).isFalse();
    }

    @Test
    void theFirstAddressIsTheGatewayUnlessItIsAnother() {
        NewNetwork wish = read(Driver.BRIDGE, "subnet 10.7.0.0/24", "subnet fd00:7::/64");
        assertThat(wish.pool()).isEqualTo(Pool.of(Subnet.parse("10.7.0.0/24")));
        assertThat(wish.pool().gateway()).hasToString("10.7.0.1");
        assertThat(wish.pool6().gateway()).isEqualTo(Ipv6.parse("fd00:7::1"));
        assertThat(wish.ipv6()).isTrue();
        Pool other = read(Driver.BRIDGE, "subnet 10.7.0.0/24", "gateway 10.7.0.254", "range 10.7.0.64/26").pool();
        assertThat(other.gateway()).isEqualTo(Ipv4.parse("10.7.0.254"));
        assertThat(other.range()).isEqualTo(Subnet.parse("10.7.0.64/26"));
        assertThat(other.offers(Ipv4.parse("10.7.0.254"))).isFalse();
        assertThat(other.offers(Ipv4.parse("10.7.0.255"))).isFalse();
        assertThat(other.offers(Ipv4.parse("10.7.0.0"))).isFalse();
        assertThat(other.offers(Ipv4.parse("10.7.1.1"))).isFalse();
        assertThat(other.offers(Ipv4.parse("10.7.0.1"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({ "subnet 10.7.0.0, is no subnet", "subnet 10.7.0.1/24, bits set behind",
            "subnet 10.7.0.0/31, smaller than", "subnet 0.0.0.0/0, larger than", "subnet fd00::/120, smaller than", "gateway 10.7.0.1, none is given",
            "subnet 127.7.0.0/24, no host can have", "subnet 224.0.0.0/24, no host can have",
            "subnet fe80::/64, no host can have", "subnet ff05::/64, no host can have",
            "gateway fd00::1, none of IPv6", "range 10.7.0.0/25, none is given", "option x=1, has no option 'x'",
            "option mtu=67, cannot be", "option mtu=99999, cannot be", "option mtu, has no value",
            "label =x, has no name",
            "option parent=eth0, has no option" })
    void whatDoesNotFitIsRefusedInOneLine(String word, String why) {
        assertThatThrownBy(() -> read(Driver.BRIDGE, word)).isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("cannot create the network 'back': ").hasMessageContaining(why);
    }

    @Test
    void eachDriverHasItsOwnOptions() {
        assertThat(read(Driver.MACVLAN, "option parent=eth0", "option macvlan_mode=private").options())
                .containsEntry("parent", "eth0");
        assertThatThrownBy(() -> read(Driver.MACVLAN)).hasMessageContaining("on no link of this host");
        assertThatThrownBy(() -> read(Driver.MACVLAN, "option parent=eth0", "option macvlan_mode=x"))
                .hasMessageContaining("no macvlan_mode 'x'");
        assertThatThrownBy(() -> read(Driver.NONE, "ipv6")).hasMessageContaining("no addresses");
        assertThatThrownBy(() -> read(Driver.BRIDGE, "subnet 10.7.0.0/24", "subnet 10.8.0.0/24"))
                .hasMessageContaining("another --subnet of its kind");
        assertThatThrownBy(() -> read(Driver.BRIDGE, "ipv6", "option mtu=1279")).hasMessageContaining("cannot be");
        assertThat(read(Driver.BRIDGE, "option com.docker.network.driver.mtu=1400").options())
                .containsEntry("mtu", "1400");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "-x", "a b", "bridge", "isolated", "none", "host", "default", "a/b", "x\n" })
    void whatIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> new NetworkParser(name, Driver.BRIDGE).wish(false, false))
                .isInstanceOf(InvalidRequest.class).hasMessageStartingWith("cannot create the network '" + name.strip());
    }

    @Test
    void aPlaceInANetworkIsReadAsDockerWritesIt() {
        Endpoint endpoint = Endpoint.parse("name=back,alias=db,alias=sql,ip=10.7.0.9,ip6=fd00:7::9,"
                + "mac-address=02:42:0A:00:00:07");
        assertThat(endpoint.network()).isEqualTo("back");
        assertThat(endpoint.aliases()).containsExactly("db", "sql");
        assertThat(endpoint.mac()).isEqualTo("02:42:0a:00:00:07");
        assertThat(endpoint.address6()).hasToString("fd00:7::9");
        assertThat(Endpoint.parse("back").isPlain()).isTrue();
        for (String word : new String[] { "alias=x", "name=", "name=b,speed=1", "name=b,ip=1.2.3", "name=b,alias=a b",
                "name=b,mac-address=01:42:0a:00:00:07" }) {
            assertThatThrownBy(() -> Endpoint.parse(word)).isInstanceOf(InvalidRequest.class);
        }
    }

    @Test
    void aLinkLocalAddressFollowsFromTheHardwareAddress() {
        assertThat(Lease.linkLocal(new byte[] { 2, 0x42, (byte) 0xac, 0x11, 0, 2 }))
                .isEqualTo(Ipv6.parse("fe80::42:acff:fe11:2"));
    }
}
