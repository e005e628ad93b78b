package dev.tinydocker.shell;

import java.time.Duration;

/** Durations as Docker tells them to people: one unit, roughly. */
final class Durations {

    private static final long HOUR = 60;
    private static final long DAY = 24;

    private Durations() {
    }

    /** As in {@code About a minute}, {@code 3 hours}; what lies in the future is less than a second. */
    static String words(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds < 60) {
            return seconds == 1 ? "1 second" : seconds + " seconds";
        }
        long minutes = duration.toMinutes();
        if (minutes < HOUR) {
            return minutes == 1 ? "About a minute" : minutes + " minutes";
        }
        long hours = (minutes + HOUR / 2) / HOUR;
        if (hours < 2 * DAY) {
            return hours == 1 ? "About an hour" : hours + " hours";
        }
        return days(hours / DAY);
    }

    private static String days(long days) {
        if (days < 14) {
            return days + " days";
        }
        if (days < 60) {
            return days / 7 + " weeks";
        }
        return days < 2 * 365 ? days / 30 + " months" : days / 365 + " years";
    }
}
