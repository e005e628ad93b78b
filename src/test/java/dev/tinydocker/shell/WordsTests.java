package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class WordsTests {

    static Stream<Arguments> lines() {
        return Stream.of(
                arguments("", List.of()),
                arguments("   ", List.of()),
                arguments("ps", List.of("ps")),
                arguments("  run \t -it   busybox  ", List.of("run", "-it", "busybox")),
                arguments("run 'a b' c", List.of("run", "a b", "c")),
                arguments("run \"a b\" c", List.of("run", "a b", "c")),
                arguments("sh -c 'echo \"$HOME\"'", List.of("sh", "-c", "echo \"$HOME\"")),
                arguments("sh -c \"echo 'x'\"", List.of("sh", "-c", "echo 'x'")),
                arguments("'' x \"\"", List.of("", "x", "")),
                arguments("a''b \"\"c", List.of("ab", "c")),
                arguments("--name='my web'", List.of("--name=my web")),
                arguments("a\\ b \\'c\\' \\\\", List.of("a b", "'c'", "\\")),
                arguments("\"a \\\" b\"", List.of("a \" b")),
                arguments("\"a \\\\ b\"", List.of("a \\ b")),
                arguments("\"a \\n $x\"", List.of("a \\n $x")),
                arguments("'a \\n \\'", List.of("a \\n \\")),
                arguments("# all of it", List.of()),
                arguments("ps # the rest", List.of("ps")),
                arguments("a#b '#c' \\#d", List.of("a#b", "#c", "#d")),
                arguments("ps \\\n -a", List.of("ps", "-a")),
                arguments("p\\\ns", List.of("ps")),
                arguments("'a\nb'", List.of("a\nb")),
                arguments("\"a\\\nb\"", List.of("ab")),
                arguments("ps # no\n-a", List.of("ps", "-a")),
                arguments("grün 'ñ €'", List.of("grün", "ñ €")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aLineIsCutAsAShellDoes(String line, List<String> words) {
        assertThat(Words.of(line).argv()).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = { "run 'a b", "run \"a b", "run \"a \\\"", "run a\\", "\"", "'\n" })
    void anUnfinishedLineIsSeenAndRefused(String line) {
        assertThat(Words.of(line).isOpen()).isTrue();
        assertThatThrownBy(() -> Words.of(line).argv()).isInstanceOf(InvalidRequest.class);
    }

    @Test
    void anOpenQuoteIsSaid() {
        assertThatThrownBy(() -> Words.of("echo 'it").argv())
                .hasMessage("cannot read 'it': a quote (') is not closed")
                .extracting("hint").isEqualTo("close it, or write a backslash before it");
    }

    @Test
    void wordsKnowWhereTheyAreWritten() {
        assertThat(Words.of("run 'a b' c").list()).containsExactly(new Words.Word("run", 0, 3),
                new Words.Word("a b", 4, 9),
                new Words.Word("c", 10, 11));
    }
}
