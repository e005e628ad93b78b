package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.container.History.Timeline;
import dev.tinydocker.container.History.Transition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

class TimelineTextTests {

    private static final String ID = "3f2a9c1b4d5e".repeat(5) + "0123";
    private static final Instant START = Instant.parse("2026-05-17T12:30:45.100Z");
    private static final Transition CREATED = new Transition("created", false, "created", START);
    private static final Transition RUNNING = new Transition("running", false, "started",
            START.plusMillis(500));

    private static List<String> lines(Duration now, Transition... all) {
        return lines(0, now, all);
    }

    private static List<String> lines(int columns, Duration now, Transition... all) {
        return TimelineText.of(new Timeline(ID, "web", List.of(all)),
                Clock.fixed(START.plus(now), ZoneOffset.UTC), columns).lines().toList();
    }

    @Test
    void theLastStateGoesOn() {
        assertThat(lines(Duration.ofSeconds(2), CREATED, RUNNING)).containsExactly(
                "'web' (3f2a9c1b4d5e), which has been there for 2.00 s", "",
                "  AT                       STATE       FOR           OF ALL                CAUSE",
                "  2026-05-17 12:30:45.100  created     500 ms        #####                 created",
                "  2026-05-17 12:30:45.600  running     1.50 s so far ###############       started");
    }

    @Test
    void oneThatWasRemovedIsOver() {
        assertThat(lines(Duration.ofDays(2), CREATED, RUNNING, new Transition("removed", false,
                "a cause\u001b that is " + "long ".repeat(8), START.plusSeconds(1))))
                .startsWith("'web' (3f2a9c1b4d5e), which was there for 1.00 s").endsWith(
                        "  2026-05-17 12:30:46.100  removed                                         a cause\\u001b that is",
                        " ".repeat(75) + "long long long long long", " ".repeat(75) + "long long long");
    }

    @Test
    void aNarrowTerminalHasNoRoomForBarsAndAWideOneHasMoreForCauses() {
        Transition failed = new Transition("exited", false, "a cause that is some words long, and then "
                + "more ".repeat(9), START.plusSeconds(1));
        assertThat(lines(80, Duration.ofSeconds(2), CREATED, failed)).contains(
                "  AT                       STATE       FOR           CAUSE",
                "  2026-05-17 12:30:46.100  exited      1.00 s so far a cause that is some words",
                " ".repeat(53) + "long, and then more more").allMatch(line -> line.length() <= 80);
        assertThat(lines(160, Duration.ofSeconds(2), CREATED, failed)).allMatch(line -> line.length() <= 160)
                .anyMatch(line -> line.contains("#            a cause that is some words long, and then more more"));
    }

    @Test
    void healthChangesWhileTheStateStays() {
        assertThat(lines(Duration.ofSeconds(4), CREATED, RUNNING,
                new Transition("starting", true, "health check", START.plusSeconds(1)),
                new Transition("healthy", true, "health check", START.plusSeconds(2)),
                new Transition("exited", false, "exit 0", START.plusSeconds(3)))).endsWith(
                        "  2026-05-17 12:30:45.600  running     2.50 s        #############         started",
                        "  2026-05-17 12:30:46.100    starting  1.00 s        #####                 health check",
                        "  2026-05-17 12:30:47.100    healthy   1.00 s        #####                 health check",
                        "  2026-05-17 12:30:48.100  exited      1.00 s so far #####                 exit 0");
    }

    @ParameterizedTest
    @CsvSource({ "0, 0 ms", "999, 999 ms", "1000, 1.00 s", "59999, 60.00 s", "60000, 1 min 0 s", "3599000, 59 min 59 s",
            "3600000, 1 h 0 min", "172799000, 47 h 59 min", "180000000, 2 d 2 h", "-5, 0 ms" })
    void durationsHaveTwoUnitsAtMost(long millis, String text) {
        assertThat(TimelineText.lasted(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
