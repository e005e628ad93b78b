package dev.tinydocker.container;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a container is, as its checks have found.
 *
 * @param streak failures one after the other
 * @param results of the last checks, the oldest first
 */
public record Health(Status status, int streak, List<Result> results) {

    static final Health BEGINNING = new Health(Status.STARTING, 0, List.of());

    /** The results that are kept. */
    private static final int MOST_RESULTS = 5;

    /** What the checks say all in all. */
    public enum Status {
        STARTING, HEALTHY, UNHEALTHY;

        /** As people write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One check.
     *
     * @param exitCode 0 for healthy; -1 where it could not be executed, or took too long
     * @param output the beginning of what it wrote
     */
    public record Result(Instant start, Instant end, int exitCode, String output) {
    }

    public Health {
        results = List.copyOf(results);
    }

    /** With one more result. A failure is not counted while the container may still be starting. */
    Health after(Result result, Healthcheck check, Instant started) {
        List<Result> all = new ArrayList<>(results);
        all.add(result);
        List<Result> last = all.subList(Math.max(0, all.size() - MOST_RESULTS), all.size());
        if (result.exitCode == 0) {
            return new Health(Status.HEALTHY, 0, last);
        }
        boolean early = status == Status.STARTING
                && Duration.between(started, result.start).compareTo(check.untilCounted()) < 0;
        if (early) {
            return new Health(status, streak, last);
        }
        return new Health(streak + 1 >= check.failures() ? Status.UNHEALTHY : status, streak + 1, last);
    }
}
