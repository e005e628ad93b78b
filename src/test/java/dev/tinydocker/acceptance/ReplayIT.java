package dev.tinydocker.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The replayer itself, with a launcher that only echoes: what is wrong is found, what is right is not. */
class ReplayIT {

    private static final String LAUNCHER = """
            #!/bin/sh
            lines() {
              while read -r line; do
                n=$((n + 1))
                case $line in
                  '#'* | '') ;;
                  *) eval "\\"$0\\" $line" || { code=$?; echo "$1: line $n ended with $code" >&2; exit $code; } ;;
                esac
              done
            }
            case ${1:-} in
              script) lines "$2" <"$2" ;;
              '') lines 'standard input' ;;
              echo) shift; echo "$*" ;;
              fail) echo "cannot do it" >&2; exit 125 ;;
              leave) mkdir -p "$TINY_RUN_ROOT/c/left" ;;
            esac
            """;

    @TempDir
    Path directory;

    private Path launcher;

    @BeforeEach
    void writeTheLauncher() throws IOException {
        launcher = Files.writeString(directory.resolve("tiny"), LAUNCHER);
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void whatIsAsWantedPasses() throws IOException {
        String session = """
                $ tiny echo 'a  b' "c"
                a  b c
                $ tiny fail
                ! /cannot .*/
                ? 125
                $ tiny echo 0123456789ab
                /[0-9a-f]{12}/
                $ printf '1\\n2\\n3\\n4\\n'
                1
                ...
                4
                """;
        for (String way : List.of("bash", "script", "stdin")) {
            Replay replay = replay(way, session);
            assertThat(replay.output()).endsWith("5 passed, 0 failed\n");
            assertThat(replay.status()).isZero();
        }
    }

    @Test
    void wrongOutputIsFound() throws IOException {
        assertFails("$ tiny echo b\na\n", "standard output");
    }

    @Test
    void outputThatNobodyWantedIsFound() throws IOException {
        assertFails("$ tiny echo a\na\n$ tiny echo b\n", "standard output");
    }

    @Test
    void outputThatIsMissingIsFound() throws IOException {
        assertFails("$ tiny echo a\na\n...\nb\n", "standard output");
    }

    @Test
    void aPatternMustFitTheWholeLine() throws IOException {
        assertFails("$ tiny echo abc\n/b/\n", "standard output");
    }

    @Test
    void aWrongExitCodeIsFound() throws IOException {
        assertFails("$ tiny fail\n! cannot do it\n? 126\n", "exit code 125, wanted 126");
    }

    @Test
    void errorsThatNobodyWantedAreFound() throws IOException {
        assertFails("$ tiny fail\n? 125\n", "standard error");
    }

    @Test
    void whatIsLeftBehindIsFound() throws IOException {
        assertFails("$ tiny leave\n", "left on the host");
    }

    @Test
    void aSessionThatDoesNotEndIsFound() throws IOException {
        assertFails("$ exit 3\n", "did not come to its end");
    }

    private void assertFails(String session, String sign) throws IOException {
        Replay replay = replay("bash", session);
        assertThat(replay.output()).contains(sign).endsWith(" 1 failed\n");
        assertThat(replay.status()).isNotZero();
    }

    private Replay replay(String way, String session) throws IOException {
        Path file = Files.writeString(directory.resolve("a.session"), session);
        return Replay.of(way, List.of(file), Map.of("REPLAY_TINY", launcher.toString()));
    }
}
