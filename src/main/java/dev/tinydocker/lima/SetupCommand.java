package dev.tinydocker.lima;

import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shell.HostCommand;
import dev.tinydocker.shell.Session;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * {@code setup lima}: from nothing to a container that runs, step by step. Each is told with its time; what it has
 * executed has said is in a file. Where one fails, the next call goes on there: those before find all done.
 */
final class SetupCommand {

    private static final double MILLIS = 1000;
    private static final int TAIL = 5;

    private final Function<SetupOptions, List<SetupStep>> steps;
    private final Path logs;

    /** @param logs a directory for what is said in each step */
    SetupCommand(Function<SetupOptions, List<SetupStep>> steps, Path logs) {
        this.steps = steps;
        this.logs = logs;
    }

    HostCommand command() {
        return new HostCommand("setup lima", "Make the virtual machine, or what is still to be made of it",
                SetupOptions.ALL, "", "setup lima --cpus 2", this::execute);
    }

    private int execute(HostCommand.Given given, Session session) {
        SetupOptions options = SetupOptions.of(given);
        PrintStream out = session.out();
        int number = 0;
        for (SetupStep step : steps.apply(options)) {
            number++;
            if (options.dryRun()) {
                out.println("  " + step.what());
                step.commands().forEach(command -> out.println("      " + command));
                continue;
            }
            Path log = log(number);
            Instant started = Instant.now();
            try {
                String told = step.deed().run(log);
                line(out, "✓ ", step.what() + (told.isEmpty() ? "" : ": " + told), started, log);
            } catch (Interrupted e) {
                line(out, "✗ ", step.what() + ": interrupted; 'tiny setup lima' goes on here", started, log);
                throw e;
            } catch (Problem problem) {
                line(out, "✗ ", step.what(), started, log);
                tail(log).forEach(line -> out.println("      " + line));
                out.flush();
                throw problem;
            }
        }
        return 0;
    }

    private static void line(PrintStream out, String mark, String what, Instant started, Path log) {
        double seconds = Duration.between(started, Instant.now()).toMillis() / MILLIS;
        out.println(mark + String.format(Locale.ROOT, "%7.1f s  ", seconds) + what
                + (log.toFile().length() > 0 ? "  (" + log + ")" : ""));
        out.flush();
    }

    private Path log(int number) {
        Path log = logs.resolve("setup-" + number + ".log");
        try {
            Files.createDirectories(logs);
            Files.write(log, new byte[0]);
            return log;
        } catch (IOException e) {
            throw new SystemFailure("write '" + log + "'", String.valueOf(e.getMessage()),
                    "let tiny.data.root be on a file system that can be written", e);
        }
    }

    private static List<String> tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
