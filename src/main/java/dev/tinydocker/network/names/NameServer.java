package dev.tinydocker.network.names;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The name servers of all networks: one address of this host in each. Where none is open it is this object alone. */
@Component
public class NameServer implements AutoCloseable {

    private final Directory directory;
    private final Map<InetAddress, Listener> listeners = new HashMap<>();
    private @Nullable Answerer answerer;

    NameServer(Directory directory) {
        this.directory = directory;
    }

    /** Where it is asked, any that were free: the usual port may be another program's, or a container's. */
    public record Ports(int datagrams, int streams) {
    }

    /**
     * Answers at that address from now on; nothing happens where it does already.
     *
     * @throws IOException where this host has no such address
     */
    public synchronized void open(InetAddress address) throws IOException {
        Answerer known = answerer;
        if (known == null) {
            known = new Answerer(directory, new Forwarder(new HostServers(Path.of("/etc/resolv.conf"))));
            answerer = known;
        }
        if (!listeners.containsKey(address)) {
            listeners.put(address, new Listener(address, known));
        }
    }

    /** Where it answers at that address, if it does. */
    public synchronized Optional<Ports> ports(InetAddress address) {
        return Optional.ofNullable(listeners.get(address)).map(Listener::ports);
    }

    /** Answers there no more. */
    public synchronized void close(InetAddress address) {
        Listener listener = listeners.remove(address);
        if (listener != null) {
            listener.close();
        }
    }

    @Override
    public synchronized void close() {
        listeners.values().forEach(Listener::close);
        listeners.clear();
    }
}
