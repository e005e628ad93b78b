package dev.tinydocker.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;

class ProxiesTests {

    private static Proxy of(Proxies proxies, String uri) {
        return proxies.of(URI.create(uri));
    }

    @Test
    void theSchemeOfTheAddressDecidesAndTheConfigurationGoesBeforeTheEnvironment() {
        Map<String, String> environment = Map.of("HTTP_PROXY", "http://one.example:1", "https_proxy", "two.example:2",
                "HTTPS_PROXY", "http://three.example:3/", "NO_PROXY", "in.example");
        Proxies proxies = new Proxies("", "", "", environment);
        assertThat(of(proxies, "http://a.example/").address()).isEqualTo(new InetSocketAddress("one.example", 1));
        assertThat(of(proxies, "https://a.example/").address()).isEqualTo(new InetSocketAddress("three.example", 3));
        assertThat(of(proxies, "https://in.example/")).isEqualTo(Proxy.NO_PROXY);
        assertThat(of(new Proxies("", "four.example", "", environment), "https://a.example/").address())
                .isEqualTo(new InetSocketAddress("four.example", 80));
        assertThat(of(new Proxies("", "", "", Map.of()), "https://a.example/")).isEqualTo(Proxy.NO_PROXY);
    }

    @Test
    void hostsAreExemptByNameBelowANameAndWithAPort() {
        Proxies proxies = new Proxies("p.example:1", "p.example:1",
                "one.example, .two.example *.three.example four.example:5",
                Map.of());
        for (String exempt : new String[] { "one.example", "a.one.example", "a.two.example", "a.three.example",
                "four.example:5", "localhost:5000", "127.0.0.1:5000", "[::1]:5000", "ONE.example" }) {
            assertThat(of(proxies, "http://" + exempt + "/")).as(exempt).isEqualTo(Proxy.NO_PROXY);
        }
        for (String other : new String[] { "none.example", "two.example", "four.example:6", "128.0.0.1" }) {
            assertThat(of(proxies, "http://" + other + "/").type()).as(other).isEqualTo(Proxy.Type.HTTP);
        }
        assertThat(of(new Proxies("p:1", "", "*", Map.of()), "http://a.example/")).isEqualTo(Proxy.NO_PROXY);
    }

    @Test
    void aPasswordIsNotRepeatedWhenItsProxyIsRefused() {
        for (String wrong : new String[] { "socks5://p:1", "http://me:secret@p:1", "http:///x" }) {
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() -> of(new Proxies(wrong, "", "", Map.of()), "http://a.example/"))
                    .satisfies(problem -> assertThat(problem.line()).doesNotContain("secret")
                            .contains("tiny.proxy.http"));
        }
    }
}
