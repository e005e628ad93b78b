package dev.tinydocker.log;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Passes on the entries of a span of time. */
final class Selection implements LogFile.Lines {

    /** As the log writes times, so that they compare as text. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'")
            .withZone(ZoneOffset.UTC);

    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final @Nullable String since;
    private final @Nullable String until;
    private final Consumer<LogEntry> sink;
    private final BooleanSupplier closed;
    private boolean past;

    Selection(LogQuery query, Consumer<LogEntry> sink, BooleanSupplier closed) {
        this.since = text(query.since());
        this.until = text(query.until());
        this.sink = sink;
        this.closed = closed;
    }

    @Override
    public boolean take(byte[] bytes, int from, int to) {
        if (isDone()) {
            return false;
        }
        Optional<LogEntry> entry = LogLine.parse(bytes, from, to);
        if (entry.isEmpty() || since != null && entry.get().time().compareTo(since) < 0) {
            return true;
        }
        if (until != null && entry.get().time().compareTo(until) >= 0) {
            past = true;
            return false;
        }
        sink.accept(entry.get());
        return true;
    }

    /** Whether nothing more will be passed on. */
    boolean isDone() {
        return past || closed.getAsBoolean();
    }

    private static @Nullable String text(@Nullable Instant time) {
        if (time == null) {
            return null;
        }
        // Years of other than four digits would not compare.
        return TIME.format(time.isAfter(LAST) ? LAST : time.isBefore(FIRST) ? FIRST : time);
    }
}
