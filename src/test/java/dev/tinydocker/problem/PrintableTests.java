package dev.tinydocker.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTests {

    @Test
    void breaksAreBlanksAndWhatSteersATerminalIsShown() {
        assertThat(Printable.line("plain 'text' – ümläut")).isEqualTo("plain 'text' – ümläut");
        assertThat(Printable.line("one\r\n\ttwo")).isEqualTo("one two");
        assertThat(Printable.line("\u001b[2J\u0007\u009b1m\u007f\0"))
                .isEqualTo("\\u001b[2J\\u0007\\u009b1m\\u007f\\u0000");
        assertThat(Printable.line("a\u202eb\ufeff\u2028")).isEqualTo("a\\u202eb\\ufeff\\u2028");
    }

    @Test
    void aProblemIsOneLineWhateverItQuotes() {
        Problem problem = new InvalidRequest("pull 'x\n'", "'\u001b]0;title\u0007' is unknown", "say\tso");
        assertThat(problem.line())
                .isEqualTo("cannot pull 'x ': '\\u001b]0;title\\u0007' is unknown; say so");
        assertThat(new NotFound("pull", "a".repeat(1 << 20), "").line()).hasSizeLessThan(5000).endsWith("…");
    }
}
