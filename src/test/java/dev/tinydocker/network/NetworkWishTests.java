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
                List.of(NameWish.Host.parse("a:1.2.3.4"))));
        assertThat(json.readValue(json.writeValueAsString(wish), NetworkWish.class)).isEqualTo(wish);
    }

    @Test
    void whatEarlierVersionsKeptAsksForNoNames() {
        String kept = "{\"mode\":\"NONE\",\"ports\":[],\"exposed\":[],\"publishAll\":false}";
        assertThat(json.readValue(kept, NetworkWish.class)).isEqualTo(NetworkWish.NONE);
    }
}
