package dev.tinydocker.container;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as the record keeps them: RFC 3339, UTC, nine digits, so that their order as text is their order in time. */
final class Times {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'",
            Locale.ROOT).withZone(ZoneOffset.UTC);

    private Times() {
    }

    static String text(Instant time) {
        return FORMAT.format(time);
    }

    static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}
