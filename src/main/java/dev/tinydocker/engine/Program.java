package dev.tinydocker.engine;

import dev.tinydocker.problem.Problem;
import dev.tinydocker.shell.ExitStatuses;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.yaml.snakeyaml.error.MarkedYAMLException;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A JVM from its first word to its exit status. What goes wrong on the way up is one line; the log has the rest. */
public final class Program {

    private static final Logger LOG = LoggerFactory.getLogger(Program.class);
    private static final PrintStream OUT = System.out;
    private static final PrintStream ERR = System.err;
    private static final @Nullable String HOME = System.getenv("TINY_HOME");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** The file is Layout's, which logging cannot ask: it is set up first. Nothing is logged to the user's terminal. */
    private static final Map<String, Object> LOGGING = Map.of("logging.file.name", "${tiny.data.root}/engine.log",
            "logging.threshold.console", "off",
            "logging.logback.rollingpolicy.file-name-pattern", "${LOG_FILE}.%d{yyyy-MM-dd}.%i",
            "logging.logback.rollingpolicy.max-file-size", "5MB",
            "logging.logback.rollingpolicy.total-size-cap", "20MB");

    private final Mode mode;

    private Program(Mode mode) {
        this.mode = mode;
    }

    /**
     * Runs the program in the mode that is its argument.
     *
     * @param main the configuration class of the application
     * @return the exit status
     */
    public static int run(Class<?> main, String... arguments) {
        Mode mode = arguments.length == 1 ? Mode.parse(arguments[0]).orElse(null) : null;
        if (mode == null) {
            ERR.println("cannot start the program: '" + String.join(" ", arguments)
                    + "' is none of its modes; use the launcher 'tiny'");
            return ExitStatuses.RUNTIME_FAILED;
        }
        return new Program(mode).run(main);
    }

    private int run(Class<?> main) {
        SpringApplication application = new SpringApplication(main);
        System.setProperty("spring.config.location", "classpath:/,classpath:/" + StartChecks.DEFAULTS
                + (HOME == null ? "" : ",optional:file:" + HOME + "/config/"));
        if (mode != Mode.BUILD) {
            keepLibrariesQuiet();
            application.addListeners(new StartChecks());
            application.setDefaultProperties(LOGGING);
        }
        try (ConfigurableApplicationContext context = application.run()) {
            return run(context);
        } catch (SpringApplication.AbandonedRunException e) {
            // The build makes the context's code, and starts nothing.
            throw e;
        } catch (RuntimeException | IOException e) {
            if (KnownFailures.problem(e) == null) {
                LOG.error("the engine cannot start", e);
            }
            (mode == Mode.BACKGROUND ? OUT : ERR).println(line(e));
            return ExitStatuses.RUNTIME_FAILED;
        }
    }

    /**
     * What a library has to say goes to the log; Logback itself would print stack traces where it cannot write to a
     * full disk.
     */
    private static void keepLibrariesQuiet() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        System.setOut(nowhere);
        System.setErr(nowhere);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, e) -> LOG.error("the thread {} ended unexpectedly", thread.getName(), e));
    }

    private int run(ConfigurableApplicationContext context) throws IOException {
        Engine engine = context.getBean(Engine.class);
        // Before any bean is destroyed: a client must not meet a record that is closed. Not a lambda: Spring finds out
        // by an exception, at every event there is, that a lambda is not for this one.
        context.addApplicationListener(new ApplicationListener<ContextClosedEvent>() {
            @Override
            public void onApplicationEvent(ContextClosedEvent event) {
                engine.close();
            }
        });
        switch (mode) {
            case SERVE -> {
                engine.start();
                say("the engine listens on " + context.getBean(Layout.class).engineSocket());
                engine.serve();
            }
            case BACKGROUND -> {
                boolean started = startOrFind(engine, context.getBean(Layout.class));
                say("ready");
                if (started) {
                    engine.serveUntilIdle();
                }
            }
            case SHELL -> {
                return shell(engine, context);
            }
            case BUILD -> throw new IllegalStateException("the build starts nothing");
        }
        return 0;
    }

    private static int shell(Engine engine, ConfigurableApplicationContext context) throws IOException {
        Repl repl = context.getBean(Repl.class);
        if (engine.tryStart()) {
            Thread.ofPlatform().daemon().name("engine").start(engine::serve);
            return repl.run();
        }
        // Held open for as long as the shell lives: an engine that has a client does not end by itself.
        Layout layout = context.getBean(Layout.class);
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(layout.engineSocket()))) {
            return repl.runForwarding();
        }
    }

    private static void say(String line) {
        OUT.println(line);
        OUT.flush();
    }

    /**
     * Becomes the engine, or finds another that has been quicker. One that is about to end still holds the lock but
     * takes no clients any more: its end is waited for.
     */
    private static boolean startOrFind(Engine engine, Layout layout) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!engine.tryStart()) {
            try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(layout.engineSocket()))) {
                return false;
            } catch (IOException e) {
                if (Instant.now().isAfter(deadline)) {
                    engine.start();
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        return true;
    }

    private static String line(Exception failure) {
        Problem problem = KnownFailures.problem(failure);
        if (problem != null) {
            return problem.line();
        }
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYAMLException yaml) {
                int line = yaml.getProblemMark().getLine() + 1;
                return "cannot read the configuration: " + yaml.getProblem() + " in line " + line
                        + " of '" + HOME + "/config/application.yml'";
            }
            root = cause;
        }
        String message = root.getMessage();
        return "cannot start the engine: " + root.getClass().getSimpleName()
                + (message == null ? "" : " (" + message.lines().findFirst().orElse("") + ")")
                + " was not expected; see the engine's log";
    }
}
