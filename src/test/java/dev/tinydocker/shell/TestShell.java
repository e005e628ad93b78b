package dev.tinydocker.shell;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerSpec;
import dev.tinydocker.container.ContainerState;
import dev.tinydocker.container.Walls;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.security.Labels;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.info.BuildProperties;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandRegistry;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All commands without a container to their name, at noon of one day. */
class TestShell {

    static final Instant NOW = Instant.parse("2026-05-17T12:30:45Z");

    final RecordingContainers containers;
    final TestSession session = new TestSession();
    final CommandRegistry registry;
    final CommandDispatcher dispatcher;

    /** What a command line led to. */
    record Result(int status, String out, String err) {
    }

    TestShell() {
        this(new RecordingContainers());
    }

    TestShell(RecordingContainers containers) {
        this.containers = containers;
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        Layout layout = new Layout("/run/t", "/var/t", "/opt/t");
        Set<Command> commands = new HashSet<>(List.of(new RunCommand(containers, "isolated"), new PsCommand(containers, clock),
                new LogsCommand(containers, clock), new StopCommand(containers), new KillCommand(containers),
                new RmCommand(containers), new PortCommand(containers),
                new WaitCommand(containers), new AttachCommand(containers),
                new ExecCommand(containers),
                new InspectCommand(containers, container -> new Walls(List.of("CAP_KILL"), List.of(), true,
                        "builtin", "", Labels.NONE, true, List.of("/proc/kcore"), List.of("/proc/sys")), word -> {
                    throw new NotFound("find the image '" + word + "'", "it is not here", "");
                }, word -> {
                    throw new NotFound("find the network '" + word + "'", "there is none", "");
                }, word -> {
                    throw new NotFound("find the volume '" + word + "'", "there is none", "");
                }, layout), new ServeCommand(), new HelpCommand(),
                new ScriptCommand(beans.getBeanProvider(CommandDispatcher.class)),
                new CompleteCommand(containers, () -> List.of("busybox", "alpine"), List::of,
                        () -> List.of("host", "isolated", "none"), List::of,
                        () -> List.of(new Candidate("cgroup", "what it may use", true)), clock),
                new VersionCommand(new ProgramVersion(beans.getBeanProvider(BuildProperties.class)))));
        registry = new CommandRegistry(commands);
        dispatcher = new CommandDispatcher(new DockerCommandParser(registry), registry, layout);
        beans.addBean("dispatcher", dispatcher);
    }

    /** Executes a line as it is typed at the prompt. */
    Result line(String line) {
        return argv(Words.of(line).argv().toArray(String[]::new));
    }

    Result argv(String... argv) {
        session.out.reset();
        session.err.reset();
        int status = ScopedValue.where(Session.CURRENT, session).call(() -> dispatcher.execute(List.of(argv)));
        return new Result(status, session.out.toString(StandardCharsets.UTF_8),
                session.err.toString(StandardCharsets.UTF_8));
    }

    /** What the container was asked to be. */
    ContainerSpec spec(String line) {
        Result result = line(line);
        if (result.status != 0 || containers.spec == null) {
            throw new AssertionError(result.err);
        }
        return containers.spec;
    }

    /** Puts a container on record, made {@code age} ago. */
    Container add(String name, ContainerState state, Duration age, @Nullable Integer exitCode, String... argv) {
        String digits = HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8)) + RecordingContainers.ID;
        Instant made = NOW.minus(age);
        Container container = new Container(digits.substring(0, 64), name, "busybox", List.of(argv), NOTHING_ASKED,
                state,
                state.isAlive() ? 4242 : null, made, made, state.isAlive() ? null : made.plusSeconds(5), exitCode,
                false, null, null);
        containers.list.addFirst(container);
        return container;
    }

    static final ContainerSpec NOTHING_ASKED = new ContainerSpec(null, null, "busybox", null, null, null, List.of("sh"),
            null, Map.of("A", "1"), null, null, null, List.of(), List.of(), false, Limits.NONE, List.of(), null, 10,
            false,
            NetworkWish.NONE, Map.of("tier", "web"), 0, false, false,
            false, false, LogSettings.DEFAULT, null, SecurityWish.DEFAULT, Users.NOT_ASKED, Map.of(), null, null);
}
