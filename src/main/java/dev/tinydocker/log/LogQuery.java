package dev.tinydocker.log;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Which entries of a log: {@code tail} last lines (-1 for all), written at or after {@code since} and before
 * {@code until}.
 */
public record LogQuery(int tail, @Nullable Instant since, @Nullable Instant until, boolean follow) {
}
