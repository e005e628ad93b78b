package dev.tinydocker.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

class LogFilesTests {

    private static final int ROTATIONS = 8;

    @TempDir
    Path directory;

    /** Files are rotated at any moment of looking for them, several times in a row. */
    @RepeatedTest(500)
    @Timeout(60)
    void filesAreInTheirOrderAndNoneIsMissing() throws Exception {
        Path file = directory.resolve("log");
        // So many files that none is deleted.
        try (LogWriter log = new LogWriter(file, ROTATIONS + 2)) {
            CountDownLatch written = new CountDownLatch(1);
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(log, written));
            written.await();
            List<Integer> numbers = new ArrayList<>();
            for (LogFile open : LogFiles.open(file)) {
                try (open) {
                    open.read((bytes, from, to) -> numbers.add(number(bytes, from, to)));
                }
            }
            assertThat(numbers).isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
            writer.get();
        }
    }

    /** Each file holds its number. */
    private static void write(LogWriter log, CountDownLatch written) {
        try {
            for (int i = 0; i < ROTATIONS; i++) {
                log.out(String.valueOf(i));
                written.countDown();
                log.rotate();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int number(byte[] bytes, int from, int to) {
        String line = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
    }
}
