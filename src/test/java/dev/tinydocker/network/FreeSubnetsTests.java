package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.Subnet;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

class FreeSubnetsTests {

    @Test
    void theFirstOneThatOverlapsNothingIsTaken() {
        assertThat(FreeSubnets.first(List.of())).contains(Subnet.parse("172.20.0.0/16"));
        assertThat(FreeSubnets.first(List.of(Subnet.parse("172.20.128.0/24"), Subnet.parse("172.21.0.0/16"))))
                .contains(Subnet.parse("172.22.0.0/16"));
    }

    @Test
    void whereTheLargeOnesAreTakenSmallOnesAreLeft() {
        List<Subnet> vpn = List.of(Subnet.parse("172.16.0.0/12"), Subnet.parse("192.168.1.0/24"));
        assertThat(FreeSubnets.first(vpn)).contains(Subnet.parse("192.168.16.0/20"));
    }

    @Test
    void aHostThatRoutesAllPrivateAddressesHasNoneLeft() {
        List<Subnet> vpn = List.of(Subnet.parse("172.16.0.0/12"), Subnet.parse("192.168.0.0/16"));
        assertThat(FreeSubnets.first(vpn)).contains(Subnet.parse("10.128.0.0/24"));
        assertThat(FreeSubnets.first(Stream.concat(vpn.stream(), Stream.of(Subnet.parse("10.0.0.0/8"))).toList()))
                .isEmpty();
    }
}
