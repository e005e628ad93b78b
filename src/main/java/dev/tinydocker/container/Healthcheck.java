package dev.tinydocker.container;

import dev.tinydocker.image.ImageConfig;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How it is found out whether a container works, as it was asked for. Times are nanoseconds; 0 is "not asked".
 *
 * @param test {@code CMD} and words to execute, {@code CMD-SHELL} and a line for the shell, {@code NONE}, or nothing
 *     where only times were asked
 */
public record Healthcheck(List<String> test, long interval, long timeout, long startPeriod, long startInterval,
        int retries) {

    /** No check, whatever the image says. */
    public static final Healthcheck NONE = new Healthcheck(List.of("NONE"), 0, 0, 0, 0, 0);

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration START_INTERVAL = Duration.ofSeconds(5);
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofDays(365);
    private static final int RETRIES = 3;

    public Healthcheck {
        test = List.copyOf(test);
    }

    /** What an image says; its makers may have written anything. */
    static @Nullable Healthcheck of(ImageConfig.@Nullable Healthcheck image) {
        return image == null ? null : new Healthcheck(image.test() == null ? List.of()
                : image.test().stream().filter(Objects::nonNull).toList(), image.interval(), image.timeout(),
                image.startPeriod(), image.startInterval(), image.retries());
    }

    /** The same, as an image has it. */
    ImageConfig.Healthcheck ofImage() {
        return new ImageConfig.Healthcheck(test, interval, timeout, startPeriod, startInterval, retries);
    }

    /** A wish, and what the image says wherever nothing was asked; null where there is to be no check. */
    static @Nullable Healthcheck merged(@Nullable Healthcheck wish, @Nullable Healthcheck image) {
        Healthcheck all = wish == null ? image : image == null ? wish : new Healthcheck(
                wish.test.isEmpty() ? image.test : wish.test, or(wish.interval, image.interval),
                or(wish.timeout, image.timeout), or(wish.startPeriod, image.startPeriod),
                or(wish.startInterval, image.startInterval), wish.retries == 0 ? image.retries : wish.retries);
        return all == null || all.command().isEmpty() ? null : all;
    }

    private static long or(long wish, long image) {
        return wish == 0 ? image : wish;
    }

    /** What is executed; empty for no check. */
    List<String> command() {
        if (test.size() < 2) {
            return List.of();
        }
        return switch (test.getFirst()) {
            case "CMD" -> test.subList(1, test.size());
            case "CMD-SHELL" -> List.of("/bin/sh", "-c", test.get(1));
            default -> List.of();
        };
    }

    /** How long to wait before the next check. */
    Duration pause(Duration sinceStart, boolean starting) {
        return starting && sinceStart.compareTo(untilCounted()) < 0 ? time(startInterval, START_INTERVAL)
                : time(interval, INTERVAL);
    }

    /** How long one check may take. */
    Duration patience() {
        return time(timeout, TIMEOUT);
    }

    /** How long after the start a failure says nothing yet. */
    Duration untilCounted() {
        return startPeriod <= 0 ? Duration.ZERO : time(startPeriod, Duration.ZERO);
    }

    /** How many failures one after the other are too many. */
    int failures() {
        return retries <= 0 ? RETRIES : retries;
    }

    private static Duration time(long nanos, Duration otherwise) {
        if (nanos <= 0) {
            return otherwise;
        }
        Duration time = Duration.ofNanos(nanos);
        return time.compareTo(LEAST) < 0 ? LEAST : time.compareTo(MOST) > 0 ? MOST : time;
    }
}
