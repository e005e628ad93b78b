package dev.tinydocker.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Following a log while it is written and rotated. */
@Timeout(60)
class FollowTests {

    @TempDir
    Path directory;
    private Path file;
    private LogWriter log;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final BlockingQueue<String> read = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("log");
        log = new LogWriter(file, 3);
    }

    @AfterEach
    void close() throws IOException {
        ended.complete(0);
        log.close();
    }

    /** A reader on its own thread; the future completes when it returns. */
    private final class Following {
        final LogReader reader = new LogService().reader(file, ended);
        final CompletableFuture<Void> done;

        Following(LogQuery query) {
            done = CompletableFuture.runAsync(
                    () -> reader.read(query, entry -> read.add(new String(entry.text(), StandardCharsets.UTF_8))),
                    task -> Thread.ofPlatform().daemon().start(task));
        }
    }

    private Following follow(int tail) {
        return new Following(new LogQuery(tail, null, null, true));
    }

    private void assertNext(String... texts) throws InterruptedException {
        for (String text : texts) {
            assertThat(read.poll(30, TimeUnit.SECONDS)).isEqualTo(text);
        }
    }

    @Test
    void newLinesComeAsTheyAreWrittenAndTheEndEndsIt() throws Exception {
        log.out("before");
        Following following = follow(-1);
        assertNext("before");
        log.out("one");
        assertNext("one");
        log.err("two");
        assertNext("two");
        assertThat(following.done).isNotDone();

        log.out("last words");
        ended.complete(0);

        following.done.get(30, TimeUnit.SECONDS);
        assertNext("last words");
        assertThat(read).isEmpty();
    }

    @Test
    void aLogThatEndedBeforeIsReadToItsEnd() throws Exception {
        log.out("one").rotate().out("two");
        ended.complete(137);
        follow(-1).done.get(30, TimeUnit.SECONDS);
        assertNext("one", "two");
    }

    @Test
    void closeEndsIt() throws Exception {
        log.out("one");
        Following following = follow(-1);
        assertNext("one");
        following.reader.close();
        following.done.get(30, TimeUnit.SECONDS);
        log.out("two");
        assertThat(read).isEmpty();
    }

    @Test
    void theTailComesFirst() throws Exception {
        log.out("one").rotate().out("two").out("three");
        follow(2);
        assertNext("two", "three");
        log.rotate().out("four");
        assertNext("four");
    }

    @Test
    void withoutATailOnlyWhatIsNewComes() throws Exception {
        log.out("one");
        Following following = new Following(new LogQuery(0, null, null, true));
        // The first line that comes tells that the reader was there: until then it is written again.
        String first = null;
        while (first == null) {
            log.out("new");
            first = read.poll(20, TimeUnit.MILLISECONDS);
        }
        assertThat(first).isEqualTo("new");
        ended.complete(0);
        following.done.get(30, TimeUnit.SECONDS);
        assertThat(read).doesNotContain("one");
    }

    @Test
    void aLineInTwoWritesComesWhenItIsWhole() throws Exception {
        follow(-1);
        String line = log.line("stdout", "F", "two writes");
        log.raw(line.substring(0, 43));
        log.raw(line.substring(43));
        assertNext("two writes");
    }

    @Test
    void halfALineThatIsCutOffAndReplacedComesOnceAndRight() throws Exception {
        follow(-1);
        log.out("first");
        assertNext("first");
        String half = log.line("stdout", "F", "never").substring(0, 42);
        log.raw(half).cutOff(half.length()).out("instead");
        assertNext("instead");
    }

    @Test
    void untilEndsIt() throws Exception {
        log.out("0").out("1").out("2");
        Following past = new Following(new LogQuery(-1, null, LogWriter.START.plusSeconds(2), true));
        past.done.get(30, TimeUnit.SECONDS);
        assertNext("0", "1");
        assertThat(read).isEmpty();

        Following future = new Following(new LogQuery(0, null, Instant.now().plusMillis(50), true));
        future.done.get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3 })
    void aRotationIsFollowedHoweverFewFilesAreKept(int files) throws Exception {
        log.close();
        log = new LogWriter(file, files);
        follow(-1);
        for (int i = 0; i < 20; i++) {
            log.out("line " + i);
            assertNext("line " + i);
            log.rotate();
        }
    }

    /**
     * While an entry is handed out, the block it came in was read already: what the writer adds then is in no block
     * yet.
     */
    @Test
    void whatIsWrittenJustBeforeARotationIsRead() throws Exception {
        LogReader reader = new LogService().reader(file, ended);
        CompletableFuture<Void> done = CompletableFuture.runAsync(() ->
                reader.read(new LogQuery(-1, null, null, true), entry -> {
            String text = new String(entry.text(), StandardCharsets.UTF_8);
            try {
                if (text.startsWith("trigger")) {
                    log.out("before " + text).rotate().out("after " + text);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            read.add(text);
        }), task -> Thread.ofPlatform().daemon().start(task));

        for (int i = 0; i < 10; i++) {
            log.out("trigger" + i);
            assertNext("trigger" + i, "before trigger" + i, "after trigger" + i);
        }
        ended.complete(0);
        done.get(30, TimeUnit.SECONDS);
        assertThat(read).isEmpty();
    }

    @Test
    void aReaderThatWasBusyFindsEverythingThatIsStillKept() throws Exception {
        log.close();
        log = new LogWriter(file, 10);
        Semaphore free = new Semaphore(0);
        List<String> texts = new ArrayList<>();
        LogReader reader = new LogService().reader(file, ended);
        CompletableFuture<Void> done = CompletableFuture.runAsync(() ->
                reader.read(new LogQuery(-1, null, null, true), entry -> {
            texts.add(new String(entry.text(), StandardCharsets.UTF_8));
            free.acquireUninterruptibly();
        }), task -> Thread.ofPlatform().daemon().start(task));

        for (int i = 0; i < 8; i++) {
            log.out("a" + i).out("b" + i).rotate();
        }
        free.release(1000);
        ended.complete(0);
        done.get(30, TimeUnit.SECONDS);

        assertThat(texts).containsExactlyElementsOf(IntStream.range(0, 8).boxed()
                .flatMap(i -> List.of("a" + i, "b" + i).stream()).toList());
    }

    /** A fast writer in small files against several readers: every line once and in order, for each of them. */
    @Test
    void writerAndRotationAndFollowersLoseNothingAndRepeatNothing() throws Exception {
        int lines = 30_000;
        log.close();
        // So many files that none is deleted before the slowest reader is done.
        log = new LogWriter(file, 400);
        List<List<Integer>> seen = new ArrayList<>();
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            List<Integer> numbers = new ArrayList<>();
            seen.add(numbers);
            LogReader reader = new LogService().reader(file, ended);
            readers.add(CompletableFuture.runAsync(() -> reader.read(new LogQuery(-1, null, null, true),
                    entry -> numbers.add(Integer.valueOf(new String(entry.text(), StandardCharsets.UTF_8).strip()))),
                    task -> Thread.ofPlatform().daemon().start(task)));
        }
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            batch.append(log.line(i % 3 == 0 ? "stderr" : "stdout", "F", i + " ".repeat(i % 50)));
            // Writes end anywhere in a line, and files are left at the end of one.
            if (i % 7 == 0) {
                int cut = batch.length() - i % 40 - 1;
                log.raw(batch.substring(0, cut)).raw(batch.substring(cut));
                batch.setLength(0);
                if (log.size() > 10_000) {
                    log.rotate();
                }
            }
        }
        log.raw(batch.toString());
        assertThat(directory.resolve("log.399")).doesNotExist();
        assertThat(directory.resolve("log.100")).exists();
        ended.complete(0);

        for (CompletableFuture<Void> reader : readers) {
            reader.get(30, TimeUnit.SECONDS);
        }
        List<Integer> all = IntStream.range(0, lines).boxed().toList();
        assertThat(seen).allSatisfy(numbers -> assertThat(numbers).isEqualTo(all));
    }

    @Test
    void filesAreNotKeptOpen() throws Exception {
        long before = descriptors();
        for (int i = 0; i < 20; i++) {
            log.out("x").rotate();
        }
        Following following = follow(-1);
        assertNext("x", "x");
        ended.complete(0);
        following.done.get(30, TimeUnit.SECONDS);
        assertThat(descriptors()).isEqualTo(before);
    }

    /** How many descriptors of this process are files of the log. */
    private long descriptors() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> {
                try {
                    return Files.readSymbolicLink(fd).toString().startsWith(directory.toString() + "/log.");
                } catch (IOException e) {
                    return false;
                }
            }).count();
        }
    }
}
