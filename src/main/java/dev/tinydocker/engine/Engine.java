package dev.tinydocker.engine;

import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.ContainerState;
import dev.tinydocker.container.Reconciler;
import dev.tinydocker.lesson.Course;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.shell.CommandDispatcher;
import dev.tinydocker.shell.EngineFacts;
import dev.tinydocker.store.EngineLock;
import dev.tinydocker.store.Layout;
import dev.tinydocker.store.RecordFailures;
import dev.tinydocker.web.WebServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * This JVM as the engine of its run root: it holds the lock, has the record open, and serves clients. A shell that
 * finds the lock taken is none. Nothing that needs the record is made before the lock is held.
 */
@Component
public class Engine implements EngineFacts, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(10);
    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(50);

    private final EngineLock lock;
    private final Layout layout;
    private final RecordFailures failures;
    private final ObjectProvider<Reconciler> reconciler;
    private final ObjectProvider<Course> course;
    private final ObjectProvider<ContainerService> containers;
    private final ObjectProvider<CommandDispatcher> dispatcher;
    private final WebServer web;
    private final String group;
    private final Duration idleTimeout;
    private @Nullable ClientSocket socket;
    private Instant lastBusy = Instant.now();

    Engine(EngineLock lock, Layout layout, RecordFailures failures, ObjectProvider<Reconciler> reconciler,
            ObjectProvider<Course> course, ObjectProvider<ContainerService> containers,
            ObjectProvider<CommandDispatcher> dispatcher, WebServer web, @Value("${tiny.socket.group}") String group,
            @Value("${tiny.idle.timeout}") Duration idleTimeout) {
        this.lock = lock;
        this.layout = layout;
        this.failures = failures;
        this.reconciler = reconciler;
        this.course = course;
        this.containers = containers;
        this.dispatcher = dispatcher;
        this.web = web;
        this.group = group;
        this.idleTimeout = idleTimeout;
    }

    /**
     * Becomes the engine where there is none: opens the record, brings it together with the host, and binds the socket.
     *
     * @return false where another JVM is the engine
     * @throws dev.tinydocker.problem.Problem if the record cannot be used, or the socket cannot be bound
     */
    public boolean tryStart() {
        return tryStart(() -> ClientSocket.ofGroup(layout, group, this::execute));
    }

    private int execute(List<String> argv) {
        return dispatcher.getObject().execute(argv);
    }

    private synchronized boolean tryStart(Supplier<ClientSocket> opening) {
        if (socket != null) {
            return true;
        }
        if (!lock.tryAcquire()) {
            return false;
        }
        try {
            reconciler.getObject().reconcile();
            course.getObject().recover();
            socket = opening.get();
        } catch (RuntimeException e) {
            throw failures.find(e).<RuntimeException>map(problem -> problem).orElse(e);
        }
        LOG.info("the engine serves {}", layout.engineSocket());
        web.start();
        return true;
    }

    /**
     * The same, on the socket that systemd has bound where there is one.
     *
     * @throws Conflict where another JVM is the engine
     */
    void start() {
        if (!tryStart(() -> ClientSocket.inherited(layout, group, this::execute)
                .orElseGet(() -> ClientSocket.ofGroup(layout, group, this::execute)))) {
            throw new Conflict("start the engine",
                    "one runs already on '" + layout.runRoot() + "', process " + lock.holder(),
                    "end that one first, or set another TINY_RUN_ROOT and TINY_DATA_ROOT");
        }
    }

    /** Serves clients until the engine is closed. */
    void serve() {
        opened().serve(Duration.ZERO, () -> false);
    }

    /**
     * Serves clients until the engine is closed, or was idle for as long as it may be: no client, and no container
     * alive.
     */
    void serveUntilIdle() {
        Duration period = idleTimeout.dividedBy(4);
        Duration capped = period.compareTo(LONGEST_PERIOD) > 0 ? LONGEST_PERIOD : period;
        Duration asked = capped.compareTo(SHORTEST_PERIOD) < 0 ? SHORTEST_PERIOD : capped;
        lastBusy = Instant.now();
        opened().serve(idleTimeout.isZero() ? Duration.ZERO : asked, this::hasIdled);
    }

    private synchronized ClientSocket opened() {
        if (socket == null) {
            throw new IllegalStateException("the engine was not started");
        }
        return socket;
    }

    private boolean hasIdled() {
        Instant now = Instant.now();
        if (opened().clients() > 0
                || containers.getObject().list().stream().map(Container::state).anyMatch(ContainerState::isAlive)) {
            lastBusy = now;
        }
        boolean idled = Duration.between(lastBusy, now).compareTo(idleTimeout) >= 0;
        if (idled) {
            LOG.info("the engine ends: nobody has used it for {}", idleTimeout);
        }
        return idled;
    }

    @Override
    public String metrics() {
        return web.status();
    }

    @Override
    public String dashboard(boolean anew) {
        return web.dashboard(anew);
    }

    /** Takes no more clients; containers run on. The record and the lock are given up after this, in that order. */
    @Override
    public synchronized void close() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
