package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Flows of datagrams on lo, while a rule makes the kernel remember them. */
class ConntrackKernelIT {

    private static final InetAddress LO = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress LO_2 = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress LO_6 = InetAddress.ofLiteral("::1");

    @Test
    void flowsToAPortAreForgottenAndNoOthers() throws IOException {
        try (Nftables filter = Nftables.open(); Conntrack conntrack = Conntrack.open();
                DatagramSocket socket = new DatagramSocket()) {
            filter.run("""
                    table inet tdflows {
                        chain output {
                            type nat hook output priority -100; policy accept;
                            ip daddr 127.0.0.2 udp dport 18090 dnat ip to 127.0.0.1:18090
                            ip6 daddr ::3 udp dport 18090 dnat ip6 to [::1]:18090
                        }
                    }
                    """);
            try {
                send(socket, "127.0.0.1", 18090);
                send(socket, "127.0.0.2", 18090);
                send(socket, "127.0.0.1", 18091);
                List<Conntrack.Flow> seen = new ArrayList<>();
                conntrack.forget(false, 18090, flow -> {
                    seen.add(flow);
                    return !flow.destination().equals(flow.answerer());
                });
                assertThat(seen).containsExactlyInAnyOrder(new Conntrack.Flow(LO, LO), new Conntrack.Flow(LO_2, LO));
                seen.clear();
                conntrack.forget(false, 18090, seen::add);
                assertThat(seen).containsExactly(new Conntrack.Flow(LO, LO));
                seen.clear();
                conntrack.forget(false, 18090, seen::add);
                assertThat(seen).isEmpty();
                conntrack.forget(false, 18091, seen::add);
                assertThat(seen).hasSize(1);
                send(socket, "::1", 18090);
                seen.clear();
                conntrack.forget(true, 18090, seen::add);
                conntrack.forget(true, 18090, seen::add);
                assertThat(seen).containsExactly(new Conntrack.Flow(LO_6, LO_6));
            } finally {
                filter.run("delete table inet tdflows");
            }
        }
    }

    private static void send(DatagramSocket socket, String address, int port) throws IOException {
        socket.send(new DatagramPacket(new byte[1], 1, InetAddress.ofLiteral(address), port));
    }
}
