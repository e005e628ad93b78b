package dev.tinydocker.lima;

import dev.tinydocker.engine.Request;
import dev.tinydocker.engine.RequestHandler;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.shell.ExitStatuses;
import dev.tinydocker.shell.HostCommand;
import dev.tinydocker.shell.HostShell;
import dev.tinydocker.shell.HostWords;
import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import dev.tinydocker.store.Layout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Has commands executed in the virtual machine, each over a connection of its own; those that are about the machine
 * itself, and scripts, whose lines are commands, are executed here.
 */
final class LimaExecutor implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LimaExecutor.class);
    /** What the engine there may have of the environment here, beside what {@code -e NAME} names. */
    private static final Set<String> PASSED = Set.of("TERM");
    /** Passwords for registries are kept in the machine: what keeps those of this host, a key chain, is not there. */
    private static final String PASSWORDS = "DOCKER_CONFIG";
    private static final String PASSWORDS_THERE = "/root/.docker";

    private final GuestEngine engine;
    private final HostShell shell;

    /**
     * @param own commands of this host's, beside those of the engine
     * @param instead those that stand for one of the engine's
     */
    LimaExecutor(GuestEngine engine, List<HostCommand> own, List<HostCommand> instead, Layout layout) {
        this.engine = engine;
        this.shell = new HostShell(awaited(own), awaited(instead), new InMachine(), layout);
    }

    /** Ctrl-C ends what they wait for. */
    private static List<HostCommand> awaited(List<HostCommand> commands) {
        return commands.stream().map(command -> command.doing((given, session) -> {
            try {
                return awaited(session, () -> command.deed().execute(given, session));
            } catch (Interrupted e) {
                return ExitStatuses.INTERRUPTED;
            }
        })).toList();
    }

    private static <T> T awaited(Session session, Supplier<T> deed) {
        Wait wait = new Wait();
        try (Session.Interest _ = session.onInterrupt(wait::end)) {
            return wait.during(deed);
        }
    }

    @Override
    public boolean answer(Request request, FrameChannel client) {
        Path directory = Path.of(request.cwd());
        List<String> words = HostShell.words(request.argv(), directory);
        if (shell.executes(words)) {
            return false;
        }
        Request asked = request.from(words, request.cwd(), request.env());
        return new Caller(request.env(), directory).have(() -> relay(asked, client));
    }

    private boolean relay(Request request, FrameChannel client) {
        Wait wait = new Wait();
        Relay relay = new Relay(client, wait);
        try (GuestEngine.Connection guest = wait.during(() -> engine.connect(line -> tell(client, line)))) {
            if (!pass(request, relay, guest)) {
                throw engine.lost(guest.instance());
            }
        } catch (Interrupted e) {
            end(client, ExitStatuses.INTERRUPTED);
        }
        return true;
    }

    private static boolean pass(Request request, Relay relay, GuestEngine.Connection guest) {
        try {
            guest.frames().send(placed(request, guest.instance()).frame());
            return relay.run(guest.frames());
        } catch (IOException e) {
            LOG.debug("the engine cannot be asked", e);
            return false;
        }
    }

    /** The same as the machine sees it. */
    private static Request placed(Request request, Instance instance) {
        Path directory = Path.of(request.cwd());
        HostPaths paths = new HostPaths(instance.shared(), directory);
        HostWords words = HostWords.of(request.argv());
        Set<String> variables = words.variables(directory);
        Map<String, String> environment = new HashMap<>(request.env());
        environment.keySet().removeIf(name -> !variables.contains(name) && !PASSED.contains(name));
        environment.putIfAbsent(PASSWORDS, PASSWORDS_THERE);
        return request.from(words.placed(paths), paths.find("").orElse("/"), environment);
    }

    private static void tell(FrameChannel client, String line) {
        try {
            client.send(Frame.of(FrameType.STDERR, (line + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            LOG.debug("a client does not hear '{}'", line, e);
        }
    }

    private static void end(FrameChannel client, int status) {
        try {
            client.send(Frame.of(FrameType.EXIT, status));
        } catch (IOException e) {
            LOG.debug("a client does not hear that its command has ended", e);
        }
    }

    @Override
    public int execute(List<String> argv) {
        Session session = Session.current();
        return new Caller(session.environment(), session.directory()).have(() -> shell.execute(argv));
    }

    /** The engine there, for sessions here. */
    private final class InMachine implements HostShell.Engine {

        @Override
        public int execute(List<String> argv) {
            Session session = Session.current();
            session.out().flush();
            try {
                return pass(argv, session);
            } catch (Problem problem) {
                session.err().println(problem.line());
                return ExitStatuses.RUNTIME_FAILED;
            } catch (Interrupted e) {
                return ExitStatuses.INTERRUPTED;
            }
        }

        @Override
        public String output(List<String> argv) {
            Session session = Session.current();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GuestEngine.Connection guest = awaited(session, engine::connectAtOnce);
                    Session.Interest _ = session.onInterrupt(guest::close)) {
                guest.frames().send(placed(Request.of(argv, session), guest.instance()).frame());
                Frame frame = guest.frames().receive();
                for (; frame != null && frame.type() != FrameType.EXIT; frame = guest.frames().receive()) {
                    byte[] bytes = new byte[frame.payload().remaining()];
                    frame.payload().get(bytes);
                    if (frame.type() == FrameType.STDOUT) {
                        out.writeBytes(bytes);
                    }
                }
            } catch (Problem | Interrupted | IOException e) {
                LOG.debug("the engine is not asked", e);
            }
            return out.toString(StandardCharsets.UTF_8);
        }

        private int pass(List<String> argv, Session session) {
            try (GuestEngine.Connection guest = awaited(session, () -> engine.connect(session.err()::println))) {
                SessionRelay relay = new SessionRelay(session, guest.frames());
                OptionalInt status = relay.run(placed(Request.of(argv, session), guest.instance()));
                return status.orElseThrow(() -> engine.lost(guest.instance()));
            }
        }
    }
}
