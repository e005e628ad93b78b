package dev.tinydocker.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What a user's Ctrl-C does to a step, whenever it comes. */
class LessonShellTests {

    private static final Lesson LESSON = LessonFile.read(1, "title\n> why\n$ true\n= what\n");
    /** A program's argument that no other process of this machine has. */
    private static final String LONG = "1000." + ProcessHandle.current().pid();

    @Test
    void nothingOfAStepIsLeftWheneverItIsInterrupted() throws InterruptedException {
        for (int moment = 0; moment < 100; moment++) {
            try (LessonShell shell = new LessonShell(LESSON, Map.of())) {
                Thread step = Thread.ofPlatform().start(() -> shell.execute(List.of(":", "sleep " + LONG), _ -> { }));
                LockSupport.parkNanos(moment * 50_000L);
                shell.interrupt();
                step.join();
            }
        }
        assertThat(ProcessHandle.allProcesses().filter(LessonShellTests::sleeps)).isEmpty();
    }

    private static boolean sleeps(ProcessHandle process) {
        return process.info().arguments().map(arguments -> List.of(arguments).contains(LONG)).orElse(false);
    }
}
