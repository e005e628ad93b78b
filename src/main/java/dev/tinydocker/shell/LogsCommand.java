package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.log.LogQuery;
import dev.tinydocker.log.LogReader;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code logs}: prints what a container wrote, and with {@code -f} what it writes until it ends. */
@Component
final class LogsCommand extends ShellCommand {

    private static final OptionSpec FOLLOW = OptionSpec.flag('f', "follow", "go on until it ends, or Ctrl-C");
    private static final OptionSpec TAIL = OptionSpec.value('n', "tail", "NUMBER", "the last lines only, or all");
    private static final OptionSpec SINCE = OptionSpec.value("since", "TIME",
            "from then on: 2026-05-17T12:30:45, 10m, ...");
    private static final OptionSpec UNTIL = OptionSpec.value("until", "TIME", "up to then");
    private static final OptionSpec TIMESTAMPS = OptionSpec.flag('t', "timestamps", "begin each line with its time");

    private final ContainerService containers;
    private final Clock clock;

    LogsCommand(ContainerService containers, Clock clock) {
        super(Usage.of(Usage.CONTAINERS, "logs", "Show what a container wrote")
                .takes(1, 1, "CONTAINER", Candidates.CONTAINER).options(FOLLOW, TAIL, SINCE, UNTIL, TIMESTAMPS)
                .example("logs -f --tail 20 web"));
        this.containers = containers;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        boolean follow = invocation.flag(FOLLOW);
        LogQuery query = new LogQuery(invocation.value(TAIL).map(LogsCommand::tail).orElse(-1), time(invocation, SINCE),
                time(invocation, UNTIL), follow);
        LogReader reader = containers.logs(invocation.argument(0));
        AtomicBoolean interrupted = new AtomicBoolean();
        Runnable interrupt = () -> {
            interrupted.set(true);
            reader.close();
        };
        try (Session.Interest _ = invocation.session().onInterrupt(interrupt)) {
            reader.read(query, new LogPrinter(invocation.session(), invocation.flag(TIMESTAMPS), follow));
        }
        return interrupted.get() ? ExitStatuses.INTERRUPTED : 0;
    }

    private static int tail(String word) {
        try {
            // More than there can be are all.
            return word.equals("all") ? -1 : Math.clamp(Long.parseLong(word), -1, Integer.MAX_VALUE);
        } catch (NumberFormatException e) {
            throw new InvalidRequest("show the last '" + word + "' lines", "that is no number", "give one, or 'all'",
                    e);
        }
    }

    private @Nullable Instant time(Invocation invocation, OptionSpec option) {
        return invocation.value(option).map(word -> TimeWords.parse(word, clock)).orElse(null);
    }
}
