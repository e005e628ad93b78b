package dev.tinydocker.engine;

import dev.tinydocker.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Keeps Spring Boot from logging a start that failed on a problem: its one line says it all, and is told by {@link
 * Program}. Where it fails before logging is set up, the log would be the user's terminal. Named in {@code
 * META-INF/spring.factories}.
 */
final class KnownFailures implements SpringBootExceptionReporter {

    // The constructor Spring Boot calls.
    KnownFailures(@Nullable ConfigurableApplicationContext context) {
    }

    @Override
    public boolean reportException(Throwable failure) {
        return problem(failure) != null;
    }

    /** The problem that is, or is behind, a failure. */
    static @Nullable Problem problem(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problem;
            }
        }
        return null;
    }
}
