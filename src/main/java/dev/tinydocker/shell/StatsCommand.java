package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.Figures;
import dev.tinydocker.container.Sampler;
import dev.tinydocker.linux.HostCpu;
import dev.tinydocker.linux.HostMemory;
import dev.tinydocker.problem.NotFound;
import org.springframework.stereotype.Component;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code stats}: what containers use, each second until Ctrl-C. */
@Component
final class StatsCommand extends ShellCommand {

    private static final OptionSpec ALL = OptionSpec.flag('a', "all", "list those too that do not run");
    private static final OptionSpec NO_STREAM = OptionSpec.flag("no-stream", "show the figures once, and end");
    private static final OptionSpec NO_TRUNC = OptionSpec.flag("no-trunc", "cut nothing short");
    private static final OptionSpec FORMAT = OptionSpec.value("format", "FORMAT",
            "json, table, or a template as in {{.CPUPerc}}");

    private static final String TOP = "\033[H";
    private static final String REST_OF_LINE = "\033[K";
    private static final String REST_OF_SCREEN = "\033[J";

    private final ContainerService containers;
    private final Sampler sampler;

    StatsCommand(ContainerService containers, Sampler sampler) {
        super(Usage.of(Usage.CONTAINERS, "stats", "Show what containers use of processors, memory, disks and networks")
                .takes(0, Usage.MANY, "[CONTAINER...]", Candidates.CONTAINER)
                .options(ALL, FORMAT, NO_STREAM, NO_TRUNC).example("stats --no-stream"));
        this.containers = containers;
        this.sampler = sampler;
    }

    @Override
    int execute(Invocation invocation) {
        String format = invocation.value(FORMAT).filter(word -> !word.isEmpty()).orElse("table");
        // A format that is wrong is told before anything is shown.
        StatsRow.LISTING.print(new PrintStream(OutputStream.nullOutputStream()), format, List.of());
        invocation.arguments().forEach(containers::inspect);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Session.Interest _ = invocation.session().onInterrupt(interrupted::countDown)) {
            Map<String, Figures> before = look();
            while (!interrupted.await(1, TimeUnit.SECONDS)) {
                Map<String, Figures> now = look();
                show(invocation, format, rows(invocation, before, now));
                if (invocation.flag(NO_STREAM)) {
                    return 0;
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitStatuses.INTERRUPTED;
    }

    private Map<String, Figures> look() {
        return sampler.allWithShared().stream().collect(Collectors.toMap(Figures::id, Function.identity()));
    }

    /** Those that were named, or all that run; with --all those too that do not. */
    private List<Map<String, String>> rows(Invocation invocation, Map<String, Figures> before,
            Map<String, Figures> now) {
        List<String> named = invocation.arguments();
        boolean all = invocation.flag(ALL) || !named.isEmpty();
        boolean whole = invocation.flag(NO_TRUNC);
        int processors = HostCpu.count();
        long machine = HostMemory.read().total();
        Function<Container, Optional<Map<String, String>>> row = container -> {
            Figures figures = now.get(container.id());
            return figures != null
                    ? Optional.of(StatsRow.of(before.get(container.id()), figures, processors, machine, whole))
                    : Optional.of(container).filter(_ -> all).map(stopped -> StatsRow.nothing(stopped, whole));
        };
        return named.isEmpty() ? containers.list().stream().map(row).flatMap(Optional::stream).toList()
                : named.stream().flatMap(word -> find(word).flatMap(row).map(found -> StatsRow.named(found, word))
                        .stream()).toList();
    }

    /** One that was removed meanwhile is left out. */
    private Optional<Container> find(String reference) {
        try {
            return Optional.of(containers.inspect(reference));
        } catch (NotFound e) {
            return Optional.empty();
        }
    }

    /** In the place of the figures before, where the user has a terminal. */
    private static void show(Invocation invocation, String format, List<Map<String, String>> rows) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        StatsRow.LISTING.print(new PrintStream(page, false, StandardCharsets.UTF_8), format, rows);
        String text = page.toString(StandardCharsets.UTF_8);
        boolean inPlace = invocation.session().tty().out() && !invocation.flag(NO_STREAM);
        invocation.out().print(inPlace ? TOP + text.replace("\n", REST_OF_LINE + "\n") + REST_OF_SCREEN : text);
        invocation.out().flush();
    }
}
