package dev.tinydocker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class FileLogReaderTests {

    private static final LogQuery ALL = new LogQuery(-1, null, null, false);

    @TempDir
    Path directory;
    private Path file;
    private LogWriter log;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("log");
        log = new LogWriter(file, 4);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    private List<LogEntry> read(LogQuery query) {
        List<LogEntry> entries = new ArrayList<>();
        new LogService().reader(file, new CompletableFuture<>()).read(query, entries::add);
        return entries;
    }

    private List<String> texts(LogQuery query) {
        return read(query).stream().map(entry -> new String(entry.text(), StandardCharsets.UTF_8)).toList();
    }

    private List<String> tail(int lines) {
        return texts(new LogQuery(lines, null, null, false));
    }

    @Test
    void anEntryIsWhatWasWritten() throws IOException {
        log.out("hello  world ").err("").part("p").raw(log.line("stdout", "F", "ä"));

        List<LogEntry> entries = read(ALL);

        assertThat(entries).extracting(LogEntry::time).startsWith("2026-11-23T14:44:03.000000000Z",
                "2026-11-23T14:44:04.000000000Z");
        assertThat(entries).extracting(LogEntry::stderr).containsExactly(false, true, false, false);
        assertThat(entries).extracting(LogEntry::partial).containsExactly(false, false, true, false);
        assertThat(texts(ALL)).containsExactly("hello  world ", "", "p", "ä");
    }

    @Test
    void filesAreReadFromTheOldestToTheOneBeingWritten() throws IOException {
        for (int i = 1; i <= 6; i++) {
            log.out("a" + i).out("b" + i).rotate();
        }
        log.out("last");
        assertThat(texts(ALL)).containsExactly("a4", "b4", "a5", "b5", "a6", "b6", "last");
    }

    @Test
    void moreThanNineFilesAreReadInOrderAndOthersNotAtAll() throws IOException {
        log.close();
        log = new LogWriter(file, 20);
        for (int i = 1; i <= 12; i++) {
            log.out("" + i).rotate();
        }
        Files.writeString(directory.resolve("log.old"), log.line("stdout", "F", "no"));
        Files.writeString(directory.resolve("log.01"), log.line("stdout", "F", "no"));
        assertThat(texts(ALL)).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
    }

    @Test
    void theFilesOnBothSidesOfARotationInProgressAreRead() throws IOException {
        log.out("one").rotate().out("two").rotate().out("three");
        // The writer has renamed .1 and not yet the file: number 1 is free, and 2 is the one that was 1.
        Files.move(directory.resolve("log.2"), directory.resolve("log.3"));
        Files.move(directory.resolve("log.1"), directory.resolve("log.2"));
        assertThat(texts(ALL)).containsExactly("one", "two", "three");
        // And the file as well: there is none being written.
        Files.move(file, directory.resolve("log.1"));
        assertThat(texts(ALL)).containsExactly("one", "two", "three");
    }

    @ParameterizedTest
    @CsvSource({ "0,''", "1,five", "2,four five", "3,three four five", "5,one two three four five",
            "99,one two three four five" })
    void theTailIsTheLastLinesOfAllFiles(int lines, String expected) throws IOException {
        log.out("one").out("two").rotate().out("three").rotate().rotate().out("four").err("five");
        assertThat(String.join(" ", tail(lines))).isEqualTo(expected);
    }

    @Test
    void theTailCountsALineInPartsAsOne() throws IOException {
        log.out("before").part("1").part("2").out("3").err("after");
        assertThat(tail(1)).containsExactly("after");
        assertThat(tail(2)).containsExactly("1", "2", "3", "after");
        assertThat(tail(3)).containsExactly("before", "1", "2", "3", "after");
    }

    @Test
    void theTailCountsALineThatNeverEnded() throws IOException {
        log.out("one").part("a").part("b");
        assertThat(tail(1)).containsExactly("a", "b");
        assertThat(tail(2)).containsExactly("one", "a", "b");
    }

    @Test
    void theTailOfLongLinesCrossesBlocks() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            // Lengths that put newlines and heads on both sides of every border of 64 KiB.
            String text = i + ":" + "x".repeat(5_000 + 37 * i);
            log.out(text);
            expected.add(text);
        }
        for (int lines = 1; lines <= 60; lines++) {
            assertThat(tail(lines)).as("tail %d", lines).isEqualTo(expected.subList(60 - lines, 60));
        }
        assertThat(texts(ALL)).isEqualTo(expected);
    }

    @Test
    void aLineLongerThanABlockIsWhole() throws IOException {
        log.out("y".repeat(200_000)).out("end");
        assertThat(texts(ALL)).containsExactly("y".repeat(200_000), "end");
        assertThat(tail(2)).containsExactly("y".repeat(200_000), "end");
    }

    @Test
    void aSpanOfTimeBeginsWithSinceAndEndsBeforeUntil() throws IOException {
        log.out("0").out("1").rotate().out("2").out("3").out("4");
        Instant start = LogWriter.START;
        assertThat(texts(new LogQuery(-1, start.plusSeconds(1), start.plusSeconds(3), false)))
                .containsExactly("1", "2");
        assertThat(texts(new LogQuery(-1, start.plusSeconds(3).plusNanos(1), null, false))).containsExactly("4");
        assertThat(texts(new LogQuery(-1, null, start, false))).isEmpty();
        assertThat(texts(new LogQuery(3, null, start.plusSeconds(4), false))).containsExactly("2", "3");
        assertThat(texts(new LogQuery(-1, Instant.MIN, Instant.MAX, false))).hasSize(5);
        assertThat(texts(new LogQuery(-1, Instant.MAX, null, false))).isEmpty();
    }

    @Test
    void halfALineIsNotReadYetAndNeverIfItIsCutOff() throws IOException {
        String half = log.line("stdout", "F", "half").substring(0, 42);
        log.out("whole").raw(half);
        assertThat(texts(ALL)).containsExactly("whole");
        assertThat(tail(1)).containsExactly("whole");

        log.cutOff(half.length()).out("next");
        assertThat(texts(ALL)).containsExactly("whole", "next");
    }

    @Test
    void whatIsNoLineOfALogIsPassedOver() throws IOException {
        log.out("one").raw("garbage\n\n").raw("2026-11-23T14:44:03.083457295Z stdout X no such kind\n").out("two");
        assertThat(texts(ALL)).containsExactly("one", "two");
        assertThat(tail(2)).containsExactly("one", "two");
    }

    @Test
    void aLogThatIsNotThereIsEmpty() throws IOException {
        Files.delete(file);
        assertThat(texts(ALL)).isEmpty();
        file = directory.resolve("missing/log");
        assertThat(texts(ALL)).isEmpty();
        assertThat(texts(new LogQuery(-1, null, null, true))).isEmpty();
    }

    @Test
    void aReaderThatFailsEndsTheReading() throws IOException {
        log.out("one").rotate().out("two");
        LogReader reader = new LogService().reader(file, new CompletableFuture<>());
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> reader.read(ALL, entry -> {
            throw new IllegalStateException("the client is gone");
        }));
    }

    @Test
    void nothingIsReadFromAClosedReader() throws IOException {
        log.out("one");
        LogReader reader = new LogService().reader(file, new CompletableFuture<>());
        reader.close();
        List<LogEntry> entries = new ArrayList<>();
        reader.read(ALL, entries::add);
        reader.read(new LogQuery(-1, null, null, true), entries::add);
        assertThat(entries).isEmpty();
    }
}
