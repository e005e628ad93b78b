package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Collectors;

class PortParserTests {

    @ParameterizedTest
    @CsvSource({ "80, 0.0.0.0:0->80/tcp", "8080:80, 0.0.0.0:8080->80/tcp", "53:53/udp, 0.0.0.0:53->53/udp",
            "127.0.0.1:8080:80/TCP, 127.0.0.1:8080->80/tcp", "127.0.0.1::80, 127.0.0.1:0->80/tcp",
            ":80, 0.0.0.0:0->80/tcp", "0:80, 0.0.0.0:0->80/tcp", "127.0.0.1:0:80/udp, 127.0.0.1:0->80/udp", "'published=8080,target=80', 0.0.0.0:8080->80/tcp", "'target=53,protocol=udp', 0.0.0.0:0->53/udp",
            "8000-8001:80-81, '0.0.0.0:8000->80/tcp, 0.0.0.0:8001->81/tcp'",
            "8000-8002:80, 0.0.0.0:8000-8002->80/tcp", "'[2001:DB8::1]:8080-8081:80', '[2001:db8::1]:8080-8081->80/tcp'",
            "'[fd00::7]::80/udp', '[fd00::7]:0->80/udp'",
            "'[::1]:8080:80', '[::1]:8080->80/tcp'", "'[::]:8080:80', '[::]:8080->80/tcp'",
            "0.0.0.0:8080:80, 0.0.0.0:8080->80/tcp", "65535:65535, 0.0.0.0:65535->65535/tcp", "80-81, '0.0.0.0:0->80/tcp, 0.0.0.0:0->81/tcp'" })
    void portsAreReadAsDockerWritesThem(String word, String ports) {
        assertThat(PortParser.publish(word).stream().map(PublishedPort::toString).collect(Collectors.joining(", ")))
                .isEqualTo(ports);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "web", "0", "65536", "8080:0", "80/sctp", "published=80", "target=80,mode=host", "=80", "1.2.3:80:80", "999.0.0.1:1:1", "81-80",
            "8000-8002:80-81", "8000:80-81", "[::x]:80:80", "[]:80:80",
            "1:2:3:4", "80-", "-80", "80 ", "99999999999:80" })
    void whatIsNoPortIsRefusedWithTheWord(String word) {
        assertThatThrownBy(() -> PortParser.publish(word)).isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("cannot publish '" + word + "': ");
    }

    @Test
    void withoutAnAddressItIsOneOfBothKindsWhereTheContainerHasBoth() {
        PublishedPort any = PortParser.publish("8080:80").getFirst();
        assertThat(any.each(true)).extracting(PublishedPort::outside).containsExactly("0.0.0.0:8080", "[::]:8080");
        assertThat(any.each(false)).extracting(PublishedPort::outside).containsExactly("0.0.0.0:8080");
        PublishedPort four = PortParser.publish("0.0.0.0:8080:80").getFirst();
        assertThat(four.each(true)).containsExactly(four);
        PublishedPort six = PortParser.publish("[::]:8080:80").getFirst();
        assertThat(six.each(true)).containsExactly(six);
        assertThat(six.each(false)).containsExactly(six);
    }

    @Test
    void whatIsExposedHasNoPortOfTheHostYet() {
        assertThat(PortParser.expose("80-81/udp")).extracting(PublishedPort::toString)
                .containsExactly("0.0.0.0:0->80/udp", "0.0.0.0:0->81/udp");
        assertThatThrownBy(() -> PortParser.expose("8080:80")).hasMessageStartingWith("cannot expose '8080:80'");
        assertThat(PortParser.exposed(List.of("80/tcp", "132/sctp", "?"))).hasSize(1);
    }

    @Test
    void allThatIsExposedIsPublishedButWhatAlreadyIs() {
        NetworkWish wish = new NetworkWish(NetworkMode.ISOLATED, PortParser.publish("8080:80"),
                PortParser.expose("80-81"), true, NameWish.NONE, null)
                .exposing(PortParser.exposed(List.of("443/tcp", "81/tcp")));
        assertThat(wish.published()).extracting(PublishedPort::toString).containsExactly("0.0.0.0:8080->80/tcp",
                "0.0.0.0:0->81/tcp", "0.0.0.0:0->443/tcp");
    }
}
