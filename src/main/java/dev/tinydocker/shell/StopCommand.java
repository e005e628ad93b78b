package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.OptionalInt;

/** {@code stop}: asks containers to end, and makes them after a while. */
@Component
final class StopCommand extends ShellCommand {

    private static final OptionSpec TIME = OptionSpec.number('t', "time", "SECONDS", "how long to wait before SIGKILL")
            .or("timeout");
    private static final OptionSpec SIGNAL = OptionSpec.value('s', "signal", "SIGNAL", "what to ask with")
            .offering(Candidates.SIGNAL);
    private static final Duration FOR_EVER = Duration.ofDays(36500);

    private final ContainerService containers;

    StopCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "stop", "Stop containers")
                .takes(1, Usage.MANY, "CONTAINER...", Candidates.RUNNING_CONTAINER).options(TIME, SIGNAL)
                .example("stop -t 2 web"));
        this.containers = containers;
    }

    @Override
    int execute(Invocation invocation) {
        Duration patience = patience(invocation.number(TIME));
        Integer signal = invocation.value(SIGNAL).map(Signal::parse).orElse(null);
        return Each.of(invocation, reference -> {
            containers.stop(reference, signal, patience);
            return reference;
        });
    }

    private static @Nullable Duration patience(OptionalInt seconds) {
        if (seconds.isEmpty()) {
            return null;
        }
        if (seconds.getAsInt() < -1) {
            throw new InvalidRequest("wait " + seconds.getAsInt() + " seconds", "that is no time to wait",
                    "give seconds, or -1 to wait for ever");
        }
        return seconds.getAsInt() == -1 ? FOR_EVER : Duration.ofSeconds(seconds.getAsInt());
    }
}
