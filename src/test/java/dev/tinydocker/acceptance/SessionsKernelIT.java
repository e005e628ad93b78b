package dev.tinydocker.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every session in every way a user has; from bash only where the session is about more than commands, and from
 * standard input where that may matter. From bash each has an engine of its own; in another way one serves them all, as
 * it does in a user's long day. Needs root and tmux.
 */
class SessionsKernelIT {

    private static final String[] FROM_BASH_ONLY = { "faults.session", "disk.session", "crashes.session",
            "terminal.session" };

    /** What {@code tiny < FILE} may change, which reads the lines of {@code script FILE} from elsewhere. */
    private static final String[] FROM_STDIN = { "cp.session", "errors.session", "images.session", "lifecycle.session",
            "logs.session", "run.session", "script.session" };

    @TestFactory
    Stream<DynamicNode> whatAUserTypesDoesWhatItShould() {
        return Stream.concat(
                Stream.of(dynamicContainer("bash", Replay.sessionsBut().map(session -> dynamicTest(
                        session.getFileName().toString(),
                        () -> assertPasses(Replay.of("bash", List.of(session), Map.of())))))),
                Stream.of("script", "stdin", "shell").map(way -> dynamicTest(way, () -> assertPasses(
                        Replay.together(way, sessions(way).toList())))));
    }

    private static Stream<Path> sessions(String way) {
        return way.equals("stdin") ? Stream.of(FROM_STDIN).map(Replay.DIRECTORY::resolve)
                : Replay.sessionsBut(FROM_BASH_ONLY);
    }

    @Test
    void theSessionOfTheReadmeIsTrue() {
        assertPasses(Replay.of("bash", List.of(Path.of("README.md")), Map.of()));
    }

    private static void assertPasses(Replay replay) {
        assertThat(replay.output()).endsWith(" passed, 0 failed\n").doesNotContain("\n0 passed, ", ": 0 passed, ");
        assertThat(replay.status()).isZero();
    }
}
