package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.linux.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Real sockets of this host's lo: 127.0.0.1 is where the container would be. */
@Timeout(20)
class RelayIT {

    private static final InetAddress LO = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress LO6 = InetAddress.ofLiteral("::1");
    private static final int MANY = 1 << 20;

    private final HeldPorts held = new HeldPorts();

    @AfterEach
    void letGo() {
        held.close();
    }

    /** Leads a free port of ::1 to one of 127.0.0.1. */
    private int lead(int inside, String protocol) {
        PublishedPort port = held.hold("one", List.of(PortParser.publish("[::1]::" + inside + protocol).getFirst()))
                .getFirst();
        held.pass(new Forward(port, "one", Ipv4.LOOPBACK, null));
        return port.hostPort();
    }

    @Test
    void whatIsSaidIsPassedOnBothWaysAndThatItWasAll() throws IOException {
        try (ServerSocket inside = new ServerSocket(0, 8, LO);
                Socket client = new Socket(LO6, lead(inside.getLocalPort(), "")); Socket server = inside.accept()) {
            byte[] much = new byte[MANY];
            much[MANY - 1] = 7;
            Thread sender = Thread.ofVirtual().start(() -> send(client, much));
            assertThat(server.getInputStream().readNBytes(MANY)).isEqualTo(much);
            assertThat(server.getInputStream().read()).isEqualTo(-1);
            assertThat(sender.isInterrupted()).isFalse();
            send(server, "answer".getBytes(StandardCharsets.UTF_8));
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        }
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void connectionsEndWithThePort() throws IOException {
        try (ServerSocket inside = new ServerSocket(0, 8, LO)) {
            int port = lead(inside.getLocalPort(), "");
            try (Socket client = new Socket(LO6, port); Socket server = inside.accept()) {
                held.letGo("one");
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThat(server.getInputStream().read()).isEqualTo(-1);
            }
            assertThatThrownBy(() -> new Socket(LO6, port)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whereNobodyListensTheConnectionEnds() throws IOException {
        int nobody;
        try (ServerSocket inside = new ServerSocket(0, 8, LO)) {
            nobody = inside.getLocalPort();
        }
        try (Socket client = new Socket(LO6, lead(nobody, ""))) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whatComesLaterGoesToWhereThePortLeadsThen() throws IOException {
        try (ServerSocket first = new ServerSocket(0, 8, LO);
                ServerSocket second = new ServerSocket(first.getLocalPort(), 8, InetAddress.ofLiteral("127.0.0.2"))) {
            PublishedPort port = held.hold("one", List.of(PortParser.publish("[::1]::" + first.getLocalPort())
                    .getFirst())).getFirst();
            held.pass(new Forward(port, "one", Ipv4.LOOPBACK, null));
            held.pass(new Forward(port, "one", Ipv4.parse("127.0.0.2"), null));
            try (Socket client = new Socket(LO6, port.hostPort()); Socket server = second.accept()) {
                send(server, new byte[] { 2 });
                assertThat(client.getInputStream().readAllBytes()).containsExactly(2);
            }
        }
    }

    @Test
    void eachClientOfUdpHasItsOwnAnswers() throws IOException {
        try (DatagramSocket inside = new DatagramSocket(new InetSocketAddress(LO, 0));
                DatagramSocket one = new DatagramSocket(); DatagramSocket two = new DatagramSocket()) {
            int port = lead(inside.getLocalPort(), "/udp");
            for (int i = 0; i < 2; i++) {
                send(one, port, "one");
                DatagramPacket first = receive(inside);
                send(two, port, "two");
                DatagramPacket second = receive(inside);
                assertThat(text(first) + text(second)).isEqualTo("onetwo");
                inside.send(second);
                inside.send(first);
                assertThat(text(receive(one))).isEqualTo("one");
                assertThat(text(receive(two))).isEqualTo("two");
            }
            held.letGo("one");
            try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(LO6, port))) {
                assertThat(free.isBound()).isTrue();
            }
        }
    }

    private static void send(DatagramSocket from, int port, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        from.send(new DatagramPacket(bytes, bytes.length, LO6, port));
    }

    private static DatagramPacket receive(DatagramSocket at) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[16], 16);
        at.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}
