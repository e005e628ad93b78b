package dev.tinydocker.shell;

import dev.tinydocker.container.History.Timeline;
import dev.tinydocker.container.History.Transition;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What happened to a container: when it came into each state, why, and how long it stayed. */
final class TimelineText {

    private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    /** States after which nobody asks for a container's health. */
    private static final Set<String> ENDS = Set.of("exited", "dead", "removed");
    private static final int STATE = 12;
    private static final int LASTED = 14;
    private static final int BAR = 20;
    private static final int WHEN = 25;
    private static final int LEAST_CAUSE = 25;
    private static final int NARROW = 80;

    private TimelineText() {
    }

    /** @param columns of the terminal, 0 for none: where it is narrow, no bars are shown */
    static String of(Timeline timeline, Clock clock, int columns) {
        int rest = (columns > 0 ? Math.max(columns, NARROW) : Page.WIDTH) - 2 - WHEN - STATE - LASTED;
        int bars = rest - BAR - 2 < LEAST_CAUSE ? 0 : BAR + 2;
        List<Transition> all = timeline.transitions();
        Instant first = all.isEmpty() ? clock.instant() : all.getFirst().at();
        boolean over = !all.isEmpty() && all.getLast().to().equals("removed");
        Instant end = over ? all.getLast().at() : clock.instant();
        long whole = Math.max(1, Duration.between(first, end).toNanos());
        Page page = new Page().raw("'" + timeline.name() + "' (" + timeline.id().substring(0, 12) + "), "
                + (over ? "which was there for " : "which has been there for ") + lasted(Duration.between(first, end)))
                .raw("");
        page.line(Page.pad("AT", WHEN) + Page.pad("STATE", STATE) + Page.pad("FOR", LASTED)
                + Page.pad(bars > 0 ? "OF ALL" : "", bars) + "CAUSE");
        for (int i = 0; i < all.size(); i++) {
            Transition each = all.get(i);
            Instant next = next(all, i);
            boolean last = next == null;
            Duration stay = Duration.between(each.at(), next == null ? end : next);
            String bar = bars == 0 ? ""
                    : "#".repeat(Math.clamp(Math.round((double) BAR * stay.toNanos() / whole), 0, BAR));
            List<String> cause = Page.wrapped(each.cause(), rest - bars);
            page.line(Page.pad(AT.format(each.at().atZone(clock.getZone())), WHEN)
                    + Page.pad((each.health() ? "  " : "") + each.to(), STATE)
                    + Page.pad(last && over ? "" : lasted(stay) + (last ? " so far" : ""), LASTED)
                    + Page.pad(last && over ? "" : bar, bars) + cause.getFirst());
            cause.stream().skip(1).forEach(more -> page.line(" ".repeat(WHEN + STATE + LASTED + bars) + more));
        }
        return page.toString();
    }

    /** When it ended: with the next state, and a health also with the next one of these; null where it goes on. */
    private static @Nullable Instant next(List<Transition> all, int i) {
        boolean health = all.get(i).health();
        return all.stream().skip(i + 1L).filter(later -> health ? later.health() || ENDS.contains(later.to())
                : !later.health()).findFirst().map(Transition::at).orElse(null);
    }

    /** Two units at most, the smaller one without fractions. */
    static String lasted(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return Math.max(0, millis) + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
        }
        if (millis < 3_600_000) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        return duration.toHours() < 48 ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
                : duration.toDays() + " d " + duration.toHoursPart() + " h";
    }
}
