package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the times of {@code --since} and {@code --until}: a moment, or how long ago it was. */
final class TimeWords {

    private static final Pattern SECONDS = Pattern.compile("-?\\d+(\\.\\d{1,9})?");
    private static final Pattern AGO = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|us|µs|ns|h|m|s)");
    private static final Pattern ALL_AGO = Pattern.compile("(" + AGO.pattern() + ")+");
    private static final Duration MOST = Duration.ofDays(365);
    private static final int LONGEST = 30;
    private static final int NANOS = 1_000_000_000;

    private TimeWords() {
    }

    /**
     * RFC 3339 with or without its time or zone, seconds since 1970, or a duration as in {@code 1h30m} before now.
     *
     * @throws InvalidRequest where it is none of these
     */
    static Instant parse(String word, Clock clock) {
        if (ALL_AGO.matcher(word).matches()) {
            return clock.instant().minus(sum(word));
        }
        try {
            return SECONDS.matcher(word).matches() ? since1970(word) : moment(word, clock);
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidRequest("read the time '" + word + "'", "it is no time",
                    "give one as in 2026-05-17T12:30:45Z, seconds since 1970, or 10m for ten minutes ago", e);
        }
    }

    private static Instant since1970(String word) {
        BigDecimal seconds = new BigDecimal(word);
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        return Instant.ofEpochSecond(whole.longValueExact(), seconds.subtract(whole).movePointRight(9).longValue());
    }

    private static Instant moment(String word, Clock clock) {
        int time = word.indexOf('T');
        if (time < 0) {
            return LocalDate.parse(word).atStartOfDay(clock.getZone()).toInstant();
        }
        if (word.length() == time + 3) {
            return LocalDateTime.parse(word + ":00").atZone(clock.getZone()).toInstant();
        }
        boolean zone = word.endsWith("Z") || word.indexOf('+', time) > 0 || word.indexOf('-', time) > 0;
        return zone ? OffsetDateTime.parse(word).toInstant() : LocalDateTime.parse(word).atZone(clock.getZone())
                .toInstant();
    }

    /**
     * A duration as in {@code 1m30s}; a year at most.
     *
     * @throws InvalidRequest where it is none
     */
    static Duration duration(String word) {
        Duration duration = ALL_AGO.matcher(word).matches() && word.length() <= LONGEST ? sum(word) : MOST.plusNanos(1);
        if (duration.compareTo(MOST) > 0) {
            throw new InvalidRequest("read the duration '" + word + "'", "it is none of up to a year",
                    "give one as in 500ms, 30s or 1m30s");
        }
        return duration;
    }

    private static Duration sum(String word) {
        Duration sum = Duration.ZERO;
        Matcher part = AGO.matcher(word);
        while (part.find()) {
            BigDecimal nanos = new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanos(part.group(2))));
            sum = sum.plusNanos(nanos.longValue());
        }
        return sum;
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "h" -> 3600L * NANOS;
            case "m" -> 60L * NANOS;
            case "s" -> NANOS;
            case "ms" -> 1_000_000;
            case "us", "µs" -> 1000;
            default -> 1;
        };
    }
}
