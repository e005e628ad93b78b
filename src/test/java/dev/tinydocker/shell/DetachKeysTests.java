package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.shim.Stdio;
import dev.tinydocker.support.RecordingStdio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How a user leaves what runs on. */
class DetachKeysTests {

    private final RecordingStdio user = new RecordingStdio();
    private final StringBuilder process = new StringBuilder();
    private int left;

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = { "a 61", "ctrl-a 01", "ctrl-p,ctrl-q 1011", "ctrl-@,x 0078", "ctrl-_ 1f",
            "ctrl-[,ctrl-\\ 1b1c" })
    void areWrittenAsDockerDoes(String list, String codes) {
        byte[] sent = DetachKeys.parse(list).codes().getBytes(StandardCharsets.US_ASCII);
        assertThat(HexFormat.of().formatHex(sent)).isEqualTo(codes);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", ",", "ctrl-", "ctrl-pp", "ctrl-1", "ctrl-P", "p,,q", "shift-a", "ä" })
    void whatIsNoKeyIsRefused(String list) {
        assertThatThrownBy(() -> DetachKeys.parse(list)).isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("cannot use '--detach-keys " + list + "': '");
    }

    @Test
    void theyAndWhatFollowsReachNobody() {
        type("ctrl-p,ctrl-q", "ls\r", "\u0010\u0011more", "still more");
        assertThat(process).hasToString("ls\r|<left>");
        assertThat(left).isEqualTo(1);
    }

    @Test
    void theyMayComeInPieces() {
        type("ctrl-p,ctrl-q", "a\u0010", "\u0011");
        assertThat(process).hasToString("a|<left>");
    }

    @Test
    void halfOfThemIsForTheProcessOnceSomethingElseIsTyped() {
        type("ctrl-p,ctrl-q", "\u0010", "b\u0010\u0010c", "\u0010");
        assertThat(process).hasToString("\u0010b\u0010\u0010c|");
        assertThat(left).isZero();
    }

    private void type(String keys, String... pieces) {
        new DetachingStdio(user, DetachKeys.parse(keys), () -> left++).connected(new Process());
        for (String piece : pieces) {
            user.input().stdin(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private final class Process implements Stdio.Input {
        @Override
        public void stdin(ByteBuffer bytes) {
            process.append(StandardCharsets.UTF_8.decode(bytes)).append('|');
        }

        @Override
        public void stdinEof() {
            process.append("<end>");
        }

        @Override
        public void resize(int rows, int columns) {
            process.append("<size>");
        }

        @Override
        public void signal(int signal) {
            process.append("<signal>");
        }

        @Override
        public void unwanted() {
            process.append("<unwanted>");
        }

        @Override
        public void leave() {
            process.append("<left>");
        }
    }
}
