package dev.tinydocker.shell;

import dev.tinydocker.log.LogEntry;
import dev.tinydocker.log.LogQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class LogsCommandTests {

    private final TestShell shell = new TestShell();

    private void wrote(boolean stderr, boolean partial, String text) {
        shell.containers.log.add(new LogEntry("2026-05-17T12:00:00.000000001Z", stderr, partial,
                text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void eachStreamGoesWhereItBelongs() {
        wrote(false, false, "one");
        wrote(true, false, "oops");
        wrote(false, false, "two");
        assertThat(shell.line("logs web")).isEqualTo(new TestShell.Result(0, "one\ntwo\n", "oops\n"));
        assertThat(shell.containers.query).isEqualTo(new LogQuery(-1, null, null, false));
    }

    @Test
    void partsOfALineAreOneLineWithOneTime() {
        wrote(false, true, "a long ");
        wrote(true, false, "between");
        wrote(false, true, "line, ");
        wrote(false, false, "told");
        wrote(false, true, "never ended");
        assertThat(shell.line("logs -t web")).isEqualTo(new TestShell.Result(0,
                "2026-05-17T12:00:00.000000001Z a long line, told\n2026-05-17T12:00:00.000000001Z never ended",
                "2026-05-17T12:00:00.000000001Z between\n"));
    }

    @Test
    void whatIsAskedIsQueried() {
        shell.line("logs -f -n 5 --since 10m --until 2026-05-17T12:30:00Z web");
        assertThat(shell.containers.query).isEqualTo(new LogQuery(5, TestShell.NOW.minusSeconds(600),
                Instant.parse("2026-05-17T12:30:00Z"),
                true));
        shell.line("logs web --tail all");
        assertThat(shell.containers.query).isEqualTo(new LogQuery(-1, null, null, false));
        shell.line("logs web --tail 99999999999");
        assertThat(shell.containers.query).isEqualTo(new LogQuery(Integer.MAX_VALUE, null, null, false));
        shell.line("logs web --tail=0");
        assertThat(shell.containers.query).isEqualTo(new LogQuery(0, null, null, false));
        assertThat(shell.line("logs --tail x web").err())
                .isEqualTo("cannot show the last 'x' lines: that is no number; give one, or 'all'\n");
    }

    @Test
    void anInterruptClosesTheReader() {
        shell.containers.whileRunning = () -> shell.session.interrupts.getFirst().run();
        assertThat(shell.line("logs -f web").status()).isEqualTo(130);
        assertThat(shell.containers.calls).containsExactly("log closed");
        assertThat(shell.session.interrupts).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({ "2026-05-17T10:00:00Z,2026-05-17T10:00:00Z", "2026-05-17T10:00:00.5+02:00,2026-05-17T08:00:00.500Z",
            "2026-05-17T10:00:00,2026-05-17T10:00:00Z", "2026-05-17T10:00,2026-05-17T10:00:00Z",
            "2026-05-17,2026-05-17T00:00:00Z", "2026-05-17T10,2026-05-17T10:00:00Z",
            "2026-05-17T10:00-01:00,2026-05-17T11:00:00Z", "1779021045,2026-05-17T12:30:45Z",
            "1779021045.25,2026-05-17T12:30:45.250Z",
            "0,1970-01-01T00:00:00Z", "-1.5,1969-12-31T23:59:58.500Z", "10m,2026-05-17T12:20:45Z",
            "1h30m,2026-05-17T11:00:45Z",
            "1.5h,2026-05-17T11:00:45Z", "500ms,2026-05-17T12:30:44.500Z", "1m1s,2026-05-17T12:29:44Z" })
    void timesAreMomentsOrHowLongAgo(String word, Instant time) {
        shell.line("logs web --since=" + word);
        assertThat(shell.containers.query).isEqualTo(new LogQuery(-1, time, null, false));
    }

    @ParameterizedTest
    @ValueSource(strings = { "yesterday", "2026-13-01", "10x", "''", "5m3", "99999999999999999999",
            "99999999999999999" })
    void wordsThatAreNoTimesAreRefused(String word) {
        TestShell.Result result = shell.line("logs web --since=" + word);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith("cannot read the time '").hasLineCount(1);
    }
}
