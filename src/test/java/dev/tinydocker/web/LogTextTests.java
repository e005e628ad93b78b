package dev.tinydocker.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class LogTextTests {

    private static String text(String written) {
        return LogText.of(written.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void coloursAndTitlesAreLeftOutAndTextIsKept() {
        assertThat(text("\u001B[1;31mred\u001B[0m \u001B]0;title\u0007\u001B(Bend")).isEqualTo("red end");
        assertThat(text("\u001B]8;;http://x\u001B\\link\u001B]8;;\u001B\\")).isEqualTo("link");
    }

    @Test
    void whatSteersATerminalOrTurnsTextIsShownAndNotDone() {
        assertThat(text("a\u0007b\u001B")).isEqualTo("a\\u0007b\\u001b");
        assertThat(text("user\u202Egnp.exe")).isEqualTo("user\\u202egnp.exe");
        assertThat(text("\u009B31m")).isEqualTo("\\u009b31m");
    }

    @Test
    void aLineThatWasWrittenOverIsWhatItWasInTheEnd() {
        assertThat(text("10 %\r50 %\rdone\r")).isEqualTo("done");
        assertThat(text("windows\r")).isEqualTo("windows");
    }

    @Test
    void tabsStay() {
        assertThat(text("a\tb\t")).isEqualTo("a\tb\t");
    }

    @Test
    void bytesThatAreNoTextAreReplaced() {
        assertThat(LogText.of(new byte[] { 'a', (byte) 0xFF, 'b' })).isEqualTo("a\uFFFDb");
    }

    @Test
    void aLongLineIsCut() {
        assertThat(text("x".repeat(100_000))).hasSize(4097).endsWith("…");
    }

    @ParameterizedTest
    @CsvSource({ "<b>&amp;</b>", "{{.Name}}" })
    void markupIsTextAsAnyOther(String markup) {
        assertThat(text(markup)).isEqualTo(markup);
    }
}
