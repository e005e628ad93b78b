package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.problem.Conflict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

@Timeout(10)
class HeldPortsTests {

    private final HeldPorts held = new HeldPorts();

    private static PublishedPort lo(int port) {
        return new PublishedPort(PublishedPort.Protocol.TCP, Ipv4.LOOPBACK, port, 80);
    }

    private PublishedPort hold(String container, PublishedPort port) {
        return held.hold(container, List.of(port)).getFirst();
    }

    private static PublishedPort of(String word) {
        return PortParser.publish(word).getFirst();
    }

    private static ServerSocket bind(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"));
    }

    @Test
    void onePortIsHeldOnce() {
        try (held) {
            PublishedPort port = hold("one", lo(0));
            assertThatThrownBy(() -> hold("two", port)).isInstanceOf(Conflict.class)
                    .hasMessageContaining("127.0.0.1:" + port.hostPort()).hasMessageContaining("Address already in use");
            held.letGo("one");
            assertThat(hold("two", port)).isEqualTo(port);
        }
    }

    @Test
    void oneThatSomebodyElseTakesIsRefused() throws IOException {
        try (held) {
            PublishedPort port = hold("one", lo(0));
            held.letGo("one");
            try (ServerSocket theirs = bind(port.hostPort())) {
                assertThat(theirs.isBound()).isTrue();
                assertThatThrownBy(() -> hold("two", port)).isInstanceOf(Conflict.class);
            }
        }
    }

    @Test
    void theSamePortOfTheOtherKindIsAnotherOne() {
        try (held) {
            int number = hold("one", of("0.0.0.0::80")).hostPort();
            assertThat(hold("two", of("[::]:" + number + ":80")).hostPort()).isEqualTo(number);
            assertThatThrownBy(() -> hold("three", of("[::1]:" + number + ":80"))).isInstanceOf(Conflict.class);
        }
    }

    @Test
    void oneOfBothKindsHasOneNumber() {
        try (held) {
            List<PublishedPort> both = held.hold("one", of("80").each(true));
            assertThat(both).extracting(PublishedPort::host).containsExactly("0.0.0.0", "::");
            assertThat(both.getFirst().hostPort()).isPositive().isEqualTo(both.getLast().hostPort());
        }
    }

    @Test
    void whereOneKindIsTakenTheOtherIsNotHeld() throws IOException {
        try (held; ServerSocket theirs = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            String word = theirs.getLocalPort() + ":80";
            assertThatThrownBy(() -> held.hold("one", of(word).each(true))).isInstanceOf(Conflict.class)
                    .hasMessageContaining("[::]:" + theirs.getLocalPort());
            assertThat(hold("one", of("0.0.0.0:" + word)).hostPort()).isEqualTo(theirs.getLocalPort());
        }
    }
}
