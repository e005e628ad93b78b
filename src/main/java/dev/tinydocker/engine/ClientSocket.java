package dev.tinydocker.engine;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.store.Layout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The socket that clients connect to. It is bound under a name nobody knows, given its owner and mode, and only then
 * renamed: there is no moment at which the wrong users may connect. Where systemd has bound it, it stays as it is. One
 * thread accepts, and a virtual one serves each client.
 */
public final class ClientSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSocket.class);
    private static final String FAREWELL = "cannot finish the command: the engine was told to end; containers run on";
    private static final int BACKLOG = 256;
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private final Layout layout;
    private final RequestHandler handler;
    private final Set<ClientConnection> clients = ConcurrentHashMap.newKeySet();
    private final ServerSocketChannel server;
    private final Selector selector;
    /** Its file is of our making, and goes with us. */
    private final boolean ours;

    private ClientSocket(Layout layout, ServerSocketChannel server, boolean ours, RequestHandler handler)
            throws IOException {
        this.layout = layout;
        this.server = server;
        this.ours = ours;
        this.handler = handler;
        server.configureBlocking(false);
        this.selector = Selector.open();
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Binds and publishes the socket; clients are heard once {@link #serve} is called. The engine lock must be held:
     * what is there of an earlier engine is replaced.
     *
     * @param group whose members may connect, or empty
     */
    static ClientSocket ofGroup(Layout layout, String group, RequestHandler handler) {
        return bind(layout, directory(group), "rw-rw----", group, handler);
    }

    /** The same for nobody but this user. */
    public static ClientSocket ofUser(Layout layout, RequestHandler handler) {
        return bind(layout, "rwx------", "rw-------", "", handler);
    }

    /**
     * The socket that this process was started with as its standard input, if it is one that listens: systemd.socket(5)
     * with {@code StandardInput=socket}. Who waits there already is heard as well.
     */
    static Optional<ClientSocket> inherited(Layout layout, String group, RequestHandler handler) {
        try {
            if (!(System.inheritedChannel() instanceof ServerSocketChannel server)
                    || !(server.getLocalAddress() instanceof UnixDomainSocketAddress)) {
                return Optional.empty();
            }
            restrict(layout.runRoot(), directory(group), group);
            return Optional.of(new ClientSocket(layout, server, false, handler));
        } catch (IOException e) {
            throw new SystemFailure("listen on the socket that is standard input", FileFailures.reasonWithFile(e), "",
                    e);
        }
    }

    private static ClientSocket bind(Layout layout, String directory, String mode, String group,
            RequestHandler handler) {
        try {
            restrict(layout.runRoot(), directory, group);
            Files.deleteIfExists(layout.hiddenEngineSocket());
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(layout.hiddenEngineSocket()), BACKLOG);
            restrict(layout.hiddenEngineSocket(), mode, group);
            ClientSocket socket = new ClientSocket(layout, server, true, handler);
            socket.publish();
            return socket;
        } catch (IOException e) {
            throw new SystemFailure("listen on '" + layout.engineSocket() + "'", FileFailures.reasonWithFile(e),
                    "see that tiny.run.root can be written", e);
        }
    }

    /** The way to the socket is open to its group, where one was named, and to nobody else. */
    private static String directory(String group) {
        return group.isEmpty() ? "rwx------" : "rwxr-x---";
    }

    private static void restrict(Path path, String mode, String group) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (!group.isEmpty()) {
            view.setGroup(find(path, group));
        }
        view.setPermissions(PosixFilePermissions.fromString(mode));
    }

    private static GroupPrincipal find(Path path, String group) throws IOException {
        try {
            return path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
        } catch (UserPrincipalNotFoundException e) {
            throw new InvalidRequest("give the socket to group '" + group + "'", "there is no such group",
                    "make it with 'groupadd " + group + "', or change tiny.socket.group", e);
        }
    }

    private void publish() throws IOException {
        Files.move(layout.hiddenEngineSocket(), layout.engineSocket(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** How many clients are being served. */
    public int clients() {
        return clients.size();
    }

    /**
     * Accepts clients until {@link #close} is called from another thread, or {@code finished} holds and nobody is left
     * waiting to be accepted.
     *
     * @param period how often {@code finished} is asked; zero for never
     */
    public void serve(Duration period, BooleanSupplier finished) {
        try {
            while (selector.isOpen()) {
                selector.select(_ -> accept(), period.toMillis());
                if (!period.isZero() && server.isOpen() && finished.getAsBoolean() && retreat()) {
                    return;
                }
            }
        } catch (ClosedSelectorException e) {
            LOG.debug("closed while it served", e);
        } catch (IOException e) {
            throw new SystemFailure("accept clients on '" + layout.engineSocket() + "'", FileFailures.reasonWithFile(e),
                    "", e);
        }
    }

    /**
     * Hides the socket from new clients. Who was already connected is served, and the socket is there again; false
     * then.
     */
    private boolean retreat() throws IOException {
        if (!ours) {
            return !accept();
        }
        Files.move(layout.engineSocket(), layout.hiddenEngineSocket(), StandardCopyOption.ATOMIC_MOVE);
        if (accept()) {
            publish();
            return false;
        }
        return true;
    }

    private boolean accept() {
        boolean any = false;
        try {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                ClientConnection client = new ClientConnection(new FrameChannel(channel), handler,
                        layout.engineLog());
                clients.add(client);
                any = true;
                Thread.ofVirtual().name("client").start(() -> {
                    try {
                        client.serve();
                    } finally {
                        clients.remove(client);
                    }
                });
            }
        } catch (ClosedChannelException e) {
            LOG.debug("closed while it accepted", e);
        } catch (IOException e) {
            // As many descriptors as there may be are open, mostly: who waits is accepted once there are fewer.
            LOG.warn("cannot accept a client", e);
            LockSupport.parkNanos(AFTER_FAILURE.toNanos());
        }
        return any;
    }

    /** Takes no more clients, and tells those there are that the engine ends. */
    @Override
    public void close() {
        try {
            if (ours) {
                Files.deleteIfExists(layout.engineSocket());
                Files.deleteIfExists(layout.hiddenEngineSocket());
            }
            server.close();
            selector.close();
        } catch (IOException e) {
            LOG.warn("closing the socket", e);
        }
        clients.forEach(client -> client.end(FAREWELL));
    }
}
