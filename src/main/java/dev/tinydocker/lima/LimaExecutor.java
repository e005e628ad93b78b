package dev.tinydocker.lima;

import dev.tinydocker.engine.Request;
import dev.tinydocker.engine.RequestHandler;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.shell.ExitStatuses;
import dev.tinydocker.shell.HostWords;
import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Has commands executed in the virtual machine, each over a connection of its own; those that are about the machine
 * itself are executed here.
 */
final class LimaExecutor implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LimaExecutor.class);
    /** What the engine there may have of the environment here, beside what {@code -e NAME} names. */
    private static final Set<String> PASSED = Set.of("TERM");
    /** Passwords for registries are kept in the machine: what keeps those of this host, a key chain, is not there. */
    private static final String PASSWORDS = "DOCKER_CONFIG";
    private static final String PASSWORDS_THERE = "/root/.docker";

    private final GuestEngine engine;
    private final Map<String, HostCommand> commands;

    LimaExecutor(GuestEngine engine, Map<String, HostCommand> commands) {
        this.engine = engine;
        this.commands = Map.copyOf(commands);
    }

    @Override
    public boolean answer(Request request, FrameChannel client) {
        if (!request.argv().isEmpty() && commands.containsKey(request.argv().getFirst())) {
            return false;
        }
        return new Caller(request.env(), Path.of(request.cwd())).have(() -> relay(request, client));
    }

    private boolean relay(Request request, FrameChannel client) {
        Wait wait = new Wait();
        Relay relay = new Relay(client, wait);
        try (GuestEngine.Connection guest = wait.during(() -> engine.connect(line -> tell(client, line)))) {
            guest.frames().send(placed(request, guest.instance()).frame());
            if (!relay.run(guest.frames())) {
                throw engine.lost();
            }
        } catch (Interrupted e) {
            end(client, ExitStatuses.INTERRUPTED);
        } catch (IOException e) {
            throw engine.lost();
        }
        return true;
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
        HostCommand command = Objects.requireNonNull(commands.get(argv.getFirst()));
        Wait wait = new Wait();
        try (Session.Interest _ = session.onInterrupt(wait::end)) {
            return new Caller(session.environment(), session.directory())
                    .have(() -> wait.during(() -> command.execute(argv.subList(1, argv.size()), session)));
        } catch (Problem problem) {
            session.out().flush();
            session.err().println(problem.line());
            return ExitStatuses.FAILED;
        } catch (Interrupted e) {
            return ExitStatuses.INTERRUPTED;
        }
    }
}
