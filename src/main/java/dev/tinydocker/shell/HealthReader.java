package dev.tinydocker.shell;

import static dev.tinydocker.shell.RunOptions.HEALTH_CMD;
import static dev.tinydocker.shell.RunOptions.HEALTH_INTERVAL;
import static dev.tinydocker.shell.RunOptions.HEALTH_RETRIES;
import static dev.tinydocker.shell.RunOptions.HEALTH_START_INTERVAL;
import static dev.tinydocker.shell.RunOptions.HEALTH_START_PERIOD;
import static dev.tinydocker.shell.RunOptions.HEALTH_TIMEOUT;
import static dev.tinydocker.shell.RunOptions.NO_HEALTHCHECK;

import dev.tinydocker.container.Healthcheck;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Reads what is asked of health checks. */
final class HealthReader {

    private static final Duration LEAST = Duration.ofMillis(1);

    private HealthReader() {
    }

    /** Null where nothing is asked, and the image's own goes. */
    static @Nullable Healthcheck read(Invocation invocation, Faults faults) {
        String command = invocation.value(HEALTH_CMD).orElse("");
        boolean any = Stream.of(HEALTH_CMD, HEALTH_INTERVAL, HEALTH_TIMEOUT, HEALTH_RETRIES, HEALTH_START_PERIOD,
                HEALTH_START_INTERVAL).anyMatch(option -> invocation.value(option).isPresent());
        if (invocation.flag(NO_HEALTHCHECK)) {
            if (any) {
                faults.add("--no-healthcheck", "true", "checks are asked for as well", "leave one out");
            }
            return Healthcheck.NONE;
        }
        int retries = invocation.number(HEALTH_RETRIES).orElse(0);
        if (retries < 0) {
            faults.add("--health-retries", Integer.toString(retries), "it is less than 0", "give a number of failures");
        }
        return any ? new Healthcheck(command.isEmpty() ? List.of() : List.of("CMD-SHELL", command),
                nanos(invocation, HEALTH_INTERVAL, faults), nanos(invocation, HEALTH_TIMEOUT, faults),
                nanos(invocation, HEALTH_START_PERIOD, faults), nanos(invocation, HEALTH_START_INTERVAL, faults),
                retries) : null;
    }

    private static long nanos(Invocation invocation, OptionSpec option, Faults faults) {
        String word = invocation.value(option).orElse("0");
        Duration time = word.equals("0") ? Duration.ZERO : faults.read(() -> TimeWords.duration(word), Duration.ZERO);
        if (!time.isZero() && time.compareTo(LEAST) < 0) {
            faults.add("--" + option.name(), word, "it is less than a millisecond", "give 1ms or more");
        }
        return time.toNanos();
    }
}
