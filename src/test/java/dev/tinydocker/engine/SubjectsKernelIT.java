package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.tinydocker.explain.Subject;
import dev.tinydocker.explain.Subject.Place;
import dev.tinydocker.explain.Subject.Trial;
import dev.tinydocker.explain.Subjects;
import dev.tinydocker.problem.Printable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Every command on the pages of {@code explain} is typed where the page says, and prints what the page says. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SubjectsKernelIT {

    @TempDir
    static Path directory;

    private static Tiny tiny;

    @BeforeAll
    static void start() {
        tiny = new Tiny(directory).with("PATH", Tiny.HOME + ":" + System.getenv("PATH"));
    }

    @AfterAll
    static void close() throws IOException {
        tiny.close();
        tiny.awaitNothingLeft();
    }

    @TestFactory
    Stream<DynamicTest> whatAPageShowsIsWhatComes() {
        return new Subjects().all().stream().map(subject -> dynamicTest(subject.name(), () -> holds(subject)));
    }

    private static void holds(Subject subject) throws IOException {
        List<String> run = new ArrayList<>(List.of("run", "-d", "--name", Subject.EXAMPLE));
        run.addAll(subject.options());
        run.addAll(List.of("busybox", "sleep", "1000"));
        Tiny.Result started = tiny.tiny(run.toArray(String[]::new));
        assertThat(started.status()).as(started.err()).isZero();
        try {
            List<Trial> trials = subject.lines().stream().filter(Trial.class::isInstance).map(Trial.class::cast).toList();
            assertThat(trials).hasSizeGreaterThan(1);
            for (Trial trial : trials) {
                prints(trial);
            }
        } finally {
            tiny.tiny("rm", "-f", Subject.EXAMPLE);
        }
    }

    private static void prints(Trial trial) throws IOException {
        List<String> shell = List.of("sh", "-c", "exec 2>&1\n" + trial.command());
        Tiny.Result result = trial.place() == Place.HOST ? Tiny.finish(tiny.start(shell))
                : tiny.tiny(Stream.concat(Stream.of("exec", Subject.EXAMPLE), shell.stream()).toArray(String[]::new));
        List<String> lines = result.out().lines().map(Printable::line).map(String::stripTrailing).toList();
        assertThat(lines).as(trial.command()).hasSameSizeAs(trial.output());
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).as(trial.command()).matches(Trial.pattern(trial.output().get(i)));
        }
    }
}
