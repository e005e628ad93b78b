package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import org.junit.jupiter.api.Test;

import java.util.List;

class RulesetTests {

    @Test
    void aTableIsReplacedInOneTransaction() {
        assertThat(Ruleset.replace("tiny0", List.of(SampleNetwork.NETWORK), List.of(), List.of()))
                .startsWith("add table inet tiny0\ndelete table inet tiny0\ntable inet tiny0 {\n")
                .contains("add element inet tiny0 subnets { 10.1.0.0/16 }\n")
                .contains("add element inet tiny0 neighbours { \"tiny0\" . \"tiny0\" }\n")
                .doesNotContain("tiny0 internal {");
    }

    @Test
    void aRuleThatIsMissingIsMissed() {
        String whole = Ruleset.replace("tiny0", List.of(), List.of(), List.of());
        assertThat(Ruleset.isWhole(whole)).isTrue();
        assertThat(Ruleset.isWhole(whole.replace("oifname @bridges drop\n", ""))).isFalse();
        assertThat(Ruleset.isWhole(whole.replaceFirst("(?s)chain guard \\{.*?}", ""))).isFalse();
        assertThat(Ruleset.isWhole("")).isFalse();
    }

    @Test
    void aPublishedPortIsAnElementOfTheMapForItsKind() {
        Ipv4 container = Ipv4.parse("10.1.0.2");
        List<Forward> forwards = List.of(
                new Forward(new PublishedPort(PublishedPort.Protocol.TCP, Ipv4.ANY, 8080, 80), "c", container,
                        Ipv6.parse("fd00:1::2")),
                new Forward(PortParser.publish("[::]:8080:80").getFirst(), "c", container, Ipv6.parse("fd00:1::2")),
                new Forward(new PublishedPort(PublishedPort.Protocol.UDP, Ipv4.LOOPBACK, 53, 5353), "c", container,
                        Ipv6.parse("fd00:1::2")),
                new Forward(PortParser.publish("[2001:db8::1]:8081:81").getFirst(), "c", container,
                        Ipv6.parse("fd00:1::2")));
        assertThat(Ruleset.publish("tiny0", forwards)).isEqualTo("""
                add element inet tiny0 ports { tcp . 8080 : 10.1.0.2 . 80 }
                add element inet tiny0 ports6 { tcp . 8080 : fd00:1::2 . 80 }
                add element inet tiny0 ports_of_address { udp . 127.0.0.1 . 53 : 10.1.0.2 . 5353 }
                add element inet tiny0 ports_of_address6 { tcp . 2001:db8::1 . 8081 : fd00:1::2 . 81 }
                """);
        assertThat(Ruleset.unpublish("tiny0", forwards)).isEqualTo("""
                delete element inet tiny0 ports { tcp . 8080 }
                delete element inet tiny0 ports6 { tcp . 8080 }
                delete element inet tiny0 ports_of_address { udp . 127.0.0.1 . 53 }
                delete element inet tiny0 ports_of_address6 { tcp . 2001:db8::1 . 8081 }
                """);
        assertThat(Ruleset.replace("tiny0", List.of(SampleNetwork.NETWORK), forwards, List.of()))
                .endsWith("fd00:1::2 . 81 }\n").contains("map ports {");
    }
}
