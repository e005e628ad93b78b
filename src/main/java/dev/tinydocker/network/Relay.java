package dev.tinydocker.network;

import dev.tinydocker.linux.InetSocket;
import dev.tinydocker.linux.SyscallException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Passes on what comes to the socket of a published port: what is for ::1, which the kernel takes from no link, not as
 * an answer either, and what comes by IPv6 for a container that has none. The container sees an address of this host.
 *
 * <pre>
 * client ─▶ the port ─▶ a thread for the port ─▶ a connection to the container, and two threads that copy
 *                                              ─▶ for datagrams a socket for each client, no other thread
 * </pre>
 */
final class Relay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    /** How long a client of UDP may be silent before its next datagram comes from another port. */
    private static final Duration SILENT = Duration.ofMinutes(1);
    /** How many clients a port has at a time. */
    private static final int MOST = 512;
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final InetSocket port;
    private final Set<InetSocket> connections = new HashSet<>();
    private final Thread thread;
    private volatile Forward forward;
    private volatile boolean ended;

    Relay(InetSocket port, Forward forward) {
        this.port = port;
        this.forward = forward;
        this.thread = Thread.ofPlatform().daemon().name("relay " + forward.port().outside())
                .start(isStream() ? this::streams : this::datagrams);
    }

    private boolean isStream() {
        return forward.port().protocol() == PublishedPort.Protocol.TCP;
    }

    /** To where it leads from now on. */
    void leadTo(Forward other) {
        forward = other;
    }

    private InetSocket inside() {
        return InetSocket.connect(isStream(), forward.bytes(), forward.port().containerPort());
    }

    private void streams() {
        while (!ended) {
            port.accept().ifPresentOrElse(client -> Thread.ofPlatform().daemon().name("relayed")
                    .start(() -> relay(client)), () -> LockSupport.parkNanos(PAUSE.toNanos()));
        }
    }

    private void relay(InetSocket client) {
        try (client; InetSocket inside = inside()) {
            try {
                if (add(client, inside)) {
                    Thread back = Thread.ofPlatform().daemon().name("relayed").start(() -> inside.copyTo(client));
                    client.copyTo(inside);
                    back.join();
                }
            } finally {
                // Before they are closed: their numbers are others' then.
                remove(client, inside);
            }
        } catch (SyscallException e) {
            LOG.debug("{} leads nowhere", forward.port(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean add(InetSocket client, InetSocket inside) {
        synchronized (connections) {
            return !ended && connections.size() < 2 * MOST && connections.addAll(List.of(client, inside));
        }
    }

    private void remove(InetSocket client, InetSocket inside) {
        synchronized (connections) {
            connections.remove(client);
            connections.remove(inside);
        }
    }

    /** One client's datagrams. */
    private static final class Flow {

        final byte[] client;
        final InetSocket inside;
        long last = System.nanoTime();

        Flow(byte[] client, InetSocket inside) {
            this.client = client;
            this.inside = inside;
        }

        boolean isSilent() {
            return System.nanoTime() - last > SILENT.toNanos();
        }
    }

    private void datagrams() {
        Map<ByteBuffer, Flow> flows = new HashMap<>();
        while (!ended) {
            List<Flow> all = new ArrayList<>(flows.values());
            List<InetSocket> sockets = new ArrayList<>(all.stream().map(flow -> flow.inside).toList());
            sockets.add(port);
            List<InetSocket> ready = InetSocket.ready(sockets, SILENT);
            all.stream().filter(flow -> ready.contains(flow.inside)).forEach(this::back);
            if (ready.contains(port) && !ended) {
                port.receive().ifPresent(datagram -> there(flows, datagram));
            }
            List<Flow> silent = flows.values().stream().filter(Flow::isSilent).toList();
            silent.forEach(flow -> flow.inside.close());
            flows.values().removeAll(silent);
        }
        flows.values().forEach(flow -> flow.inside.close());
    }

    private void there(Map<ByteBuffer, Flow> flows, InetSocket.Datagram datagram) {
        try {
            Flow flow = flows.get(ByteBuffer.wrap(datagram.sender()));
            if (flow == null && flows.size() < MOST) {
                flow = new Flow(datagram.sender(), inside());
                flows.put(ByteBuffer.wrap(datagram.sender()), flow);
            }
            if (flow != null) {
                flow.last = System.nanoTime();
                flow.inside.send(datagram.bytes());
            }
        } catch (SyscallException e) {
            LOG.debug("{} leads nowhere", forward.port(), e);
        }
    }

    private void back(Flow flow) {
        Optional<InetSocket.Datagram> answer = flow.inside.receive();
        answer.ifPresent(datagram -> {
            flow.last = System.nanoTime();
            port.send(datagram.bytes(), flow.client);
        });
    }

    /** Nothing is passed on any more when this returns. The port's socket is still to be closed. */
    @Override
    public void close() {
        synchronized (connections) {
            ended = true;
            connections.forEach(InetSocket::end);
        }
        port.end();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
