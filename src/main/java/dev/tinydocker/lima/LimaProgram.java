package dev.tinydocker.lima;

import dev.tinydocker.engine.ClientSocket;
import dev.tinydocker.engine.Repl;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.shell.ExitStatuses;
import dev.tinydocker.store.EngineLock;
import dev.tinydocker.store.Layout;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A JVM where this host is no Linux, the profile {@code darwin}: the clients here connect to it, and it has their
 * commands executed in the virtual machine.
 */
public final class LimaProgram {

    private static final String DARWIN = "darwin";
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private LimaProgram() {
    }

    /** Whether commands go to a virtual machine: on macOS, or where TINY_HOST says so. */
    public static boolean isChosen() {
        String host = Optional.ofNullable(System.getProperty("tiny.host", System.getenv("TINY_HOST"))).orElse("");
        return host.isEmpty() ? System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
                : host.equals(DARWIN);
    }

    /** Runs it in a mode, {@code shell}, {@code serve} or {@code background}, and returns the exit status. */
    public static int run(String... words) {
        String home = Optional.ofNullable(System.getenv("TINY_HOME")).orElse("");
        System.setProperty("spring.config.location",
                "classpath:/,classpath:/defaults/" + (home.isEmpty() ? "" : ",optional:file:" + home + "/config/"));
        // The context that the build has made into code is the engine's.
        System.setProperty("spring.aot.enabled", "false");
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(LimaRoom.class).profiles(DARWIN)
                .web(WebApplicationType.NONE).bannerMode(Banner.Mode.OFF).logStartupInfo(false)
                .properties("logging.threshold.console=off", "logging.file.name=${tiny.data.root}/engine.log").run()) {
            return run(List.of(words), context);
        } catch (Problem problem) {
            System.out.println(problem.line());
            return ExitStatuses.RUNTIME_FAILED;
        } catch (IOException | UncheckedIOException e) {
            System.out.println("cannot start: " + e.getMessage());
            return ExitStatuses.RUNTIME_FAILED;
        }
    }

    private static int run(List<String> words, ConfigurableApplicationContext context) throws IOException {
        Layout layout = context.getBean(Layout.class);
        Files.createDirectories(layout.runRoot());
        Files.createDirectories(layout.dataRoot());
        // What was typed is in there, and the client has made it for all to read.
        Files.setPosixFilePermissions(layout.dataRoot(), PosixFilePermissions.fromString("rwx------"));
        boolean shell = words.equals(List.of("shell"));
        // Whoever holds the lock serves, or is about to, or to end.
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!context.getBean(EngineLock.class).tryAcquire()) {
            try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(layout.engineSocket()))) {
                return shell ? context.getBean(Repl.class).runForwarding() : ready();
            } catch (SocketException e) {
                if (Instant.now().isAfter(deadline)) {
                    throw new Conflict("start", "process " + context.getBean(EngineLock.class).holder()
                            + " has the lock of '" + layout.runRoot() + "' and does not answer",
                            "end it, or set another TINY_RUN_ROOT", e);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        ClientSocket socket = ClientSocket.ofUser(layout, context.getBean(LimaExecutor.class));
        // At the end, and where this JVM is told to end. Not a lambda: see Program.
        context.addApplicationListener(new ApplicationListener<ContextClosedEvent>() {
            @Override
            public void onApplicationEvent(ContextClosedEvent event) {
                socket.close();
            }
        });
        if (shell) {
            Thread.ofPlatform().daemon().name("clients").start(() -> socket.serve(Duration.ZERO, () -> false));
            return context.getBean(Repl.class).runForwarding();
        }
        ready();
        Duration timeout = context.getEnvironment().getProperty("tiny.idle.timeout", Duration.class, Duration.ZERO);
        boolean ends = words.equals(List.of("background")) && !timeout.isZero();
        serve(socket, ends ? PERIOD : Duration.ZERO, timeout);
        return 0;
    }

    /** Until nobody has been there for so long. */
    private static void serve(ClientSocket socket, Duration period, Duration timeout) {
        AtomicReference<Instant> busy = new AtomicReference<>(Instant.now());
        socket.serve(period, () -> {
            if (socket.clients() > 0) {
                busy.set(Instant.now());
            }
            return Duration.between(busy.get(), Instant.now()).compareTo(timeout) >= 0;
        });
    }

    private static int ready() {
        System.out.println("ready");
        System.out.flush();
        return 0;
    }
}
