package dev.tinydocker.lesson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What a user's Ctrl-C does to a step, whenever it comes. */
class LessonShellTests {

    private static final Lesson LESSON = LessonFile.read(1, "title\n> why\n$ true\n= what\n");
    /** A program's argument that no other process of this machine has. */
    private static final String LONG = "1000." + ProcessHandle.current().pid();

    @Test
    void nothingOfAStepIsLeftWheneverItIsInterrupted(@TempDir Path parent) throws InterruptedException {
        for (int moment = 0; moment < 100; moment++) {
            try (LessonShell shell = LessonShell.in(parent, LESSON, Map.of(), () -> { })) {
                Thread step = Thread.ofPlatform().start(() -> shell.execute(List.of(":", "sleep " + LONG), _ -> { }));
                LockSupport.parkNanos(moment * 50_000L);
                shell.interrupt();
                step.join();
            }
        }
        assertThat(ProcessHandle.allProcesses().filter(LessonShellTests::sleeps)).isEmpty();
    }

    /** As it is where the engine was killed: nothing but the directory tells what was begun. */
    @Test
    void anotherEngineTakesAwayWhatIsLeft(@TempDir Path parent) throws IOException {
        Lesson lesson = LessonFile.read(1, "title\n> why\n$ true\n= what\n- touch \"$L/../cleaned\"\n");
        LessonShell killed = LessonShell.in(parent, lesson, Map.of(), () -> { });
        assertThat(killed.execute(List.of("echo 1 >\"$L/pid\"",
                "setsid sh -c 'sleep " + LONG + "' </dev/null >/dev/null 2>&1 &"), _ -> { })).isZero();
        await().until(() -> ProcessHandle.allProcesses().anyMatch(LessonShellTests::sleeps));
        Path left;
        try (Stream<Path> all = Files.list(parent)) {
            left = all.toList().getFirst();
        }
        LessonShell.left(left, lesson, Map.of()).close();
        assertThat(ProcessHandle.allProcesses().filter(LessonShellTests::sleeps)).isEmpty();
        assertThat(parent.resolve("cleaned")).exists();
        assertThat(left).doesNotExist();
    }

    @Test
    void whoWaitsForTheEndIsTold(@TempDir Path parent) {
        AtomicBoolean closed = new AtomicBoolean();
        LessonShell shell = LessonShell.in(parent.resolve("made"), LESSON, Map.of(), () -> closed.set(true));
        assertThat(parent.resolve("made")).isNotEmptyDirectory();
        assertThat(closed).isFalse();
        shell.close();
        assertThat(closed).isTrue();
        assertThat(parent.resolve("made")).isEmptyDirectory();
    }

    private static boolean sleeps(ProcessHandle process) {
        return process.info().arguments().map(arguments -> List.of(arguments).contains(LONG)).orElse(false);
    }
}
