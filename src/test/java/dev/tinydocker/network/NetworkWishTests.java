package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;

class NetworkWishTests {

    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void itIsKeptAsJson() {
        NetworkWish wish = new NetworkWish(NetworkMode.ISOLATED, PortParser.publish("127.0.0.1:8080:80/udp"),
                PortParser.expose("81"), true,
                new NameWish(List.of("192.0.2.1"), List.of("lan"), List.of(),
                List.of(NameWish.Host.parse("a:1.2.3.4"))), List.of(Endpoint.of("isolated"), Endpoint.parse(
                "name=back,ip=10.7.0.9,ip6=fd00::9,mac-address=02:42:0a:00:00:07,alias=db,alias=sql")));
        assertThat(json.readValue(json.writeValueAsString(wish), NetworkWish.class)).isEqualTo(wish);
    }

    @Test
    void whoHasTheStackOfOneThatHasTheHostsHasTheHosts() {
        NetworkWish joined = new NetworkWish(NetworkMode.CONTAINER, List.of(), List.of(), false, NameWish.NONE,
                List.of(Endpoint.of("container:web")));
        assertThat(joined.sharesHost()).isFalse();
        assertThat(joined.joining("f00", NetworkWish.NONE).sharesHost()).isFalse();
        NetworkWish hosts = joined.joining("f00", NetworkWish.of(NetworkMode.HOST));
        assertThat(hosts.joined()).contains("f00");
        assertThat(hosts.sharesHost()).isTrue();
        assertThat(joined.joining("ba7", hosts).exposing(PortParser.expose("81")).sharesHost()).isTrue();
        assertThat(json.readValue(json.writeValueAsString(hosts), NetworkWish.class)).isEqualTo(hosts);
    }

    @Test
    void whatEarlierVersionsKeptAsksForNoNames() {
        String kept = "{\"mode\":\"NONE\",\"ports\":[],\"exposed\":[],\"publishAll\":false}";
        assertThat(json.readValue(kept, NetworkWish.class)).isEqualTo(NetworkWish.NONE);
        String connected = "{\"mode\":\"ISOLATED\",\"ports\":[],\"exposed\":[],\"publishAll\":false}";
        assertThat(json.readValue(connected, NetworkWish.class).endpoints()).containsExactly(Endpoint.of("isolated"));
    }
}
