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
 * Every session in every way a user has; from bash only where the session is about more than commands. Needs root and
 * tmux.
 */
class SessionsKernelIT {

    private static final String[] FROM_BASH_ONLY = { "faults.session", "disk.session", "crashes.session",
            "terminal.session" };

    @TestFactory
    Stream<DynamicNode> whatAUserTypesDoesWhatItShould() {
        return Stream.concat(Stream.of(dynamicContainer("bash", tests("bash", Replay.sessionsBut()))),
                Stream.of("script", "stdin", "shell")
                        .map(way -> dynamicContainer(way, tests(way, Replay.sessionsBut(FROM_BASH_ONLY)))));
    }

    @Test
    void theSessionOfTheReadmeIsTrue() {
        assertPasses(Replay.of("bash", List.of(Path.of("README.md")), Map.of()));
    }

    private static Stream<DynamicNode> tests(String way, Stream<Path> sessions) {
        return sessions.map(session -> dynamicTest(session.getFileName().toString(),
                () -> assertPasses(Replay.of(way, List.of(session), Map.of()))));
    }

    private static void assertPasses(Replay replay) {
        assertThat(replay.output()).endsWith(" passed, 0 failed\n").doesNotEndWith("\n0 passed, 0 failed\n");
        assertThat(replay.status()).isZero();
    }
}
