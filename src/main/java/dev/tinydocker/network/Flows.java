package dev.tinydocker.network;

import dev.tinydocker.linux.Conntrack;
import dev.tinydocker.linux.SyscallException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.net.InetAddress;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Flows of datagrams to published ports that go on when the rules change: without this the kernel sends them on where
 * they went before, for as long as they do not pause. Used on the {@link NetworkThread} only.
 */
@Component
class Flows implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Flows.class);

    private @Nullable Conntrack conntrack;

    /** Those that came to this host itself, since no container had the port, come to the container from now on. */
    void begin(List<Forward> forwards, Predicate<InetAddress> isHere) {
        forget(forwards, (flow, _) -> flow.destination().equals(flow.answerer())
                && (flow.destination().isLoopbackAddress() || isHere.test(flow.destination())));
    }

    /** Those that were led to the container find the next one that has the port. */
    void end(List<Forward> forwards) {
        forget(forwards, (flow, address) -> flow.answerer().equals(address));
    }

    /** Questions to a name server go to where it is now, also from who goes on asking where it was. */
    void ask(Forward server) {
        forget(List.of(server), (flow, _) -> flow.destination().equals(InetAddress.ofLiteral(server.port().host())));
    }

    /** @param which told a flow, and the container's address */
    private void forget(List<Forward> forwards, BiPredicate<Conntrack.Flow, InetAddress> which) {
        for (Forward forward : forwards) {
            if (forward.port().protocol() == PublishedPort.Protocol.UDP) {
                forget(forward, forward.port().isOfIpv6(), InetAddress.ofLiteral(forward.inside().toString()), which);
            }
        }
    }

    private void forget(Forward forward, boolean ipv6, InetAddress address,
            BiPredicate<Conntrack.Flow, InetAddress> which) {
        try {
            if (conntrack == null) {
                conntrack = Conntrack.open();
            }
            conntrack.forget(ipv6, forward.port().hostPort(), flow -> which.test(flow, address));
        } catch (SyscallException e) {
            LOG.warn("what was sent to {} may go on to where it went: {}", forward.port(), e.getMessage());
        }
    }

    @Override
    public void close() {
        if (conntrack != null) {
            conntrack.close();
        }
    }
}
