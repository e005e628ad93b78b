package dev.tinydocker.web;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.log.LogEntry;
import dev.tinydocker.log.LogQuery;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of what a container wrote: the last lines, or those after the last one that a reader has. Who follows asks
 * again and again, and each answer is bounded: a container that writes faster than that has lines left out, and holds
 * nobody.
 */
@Component
final class LogPage {

    private static final int LINES = 500;
    private static final int BYTES = 256 * 1024;
    private static final Pattern AFTER = Pattern.compile("after=([0-9TZ:.-]{20,40})");

    private final ObjectProvider<ContainerService> containers;

    LogPage(ObjectProvider<ContainerService> containers) {
        this.containers = containers;
    }

    /** @param from the moment that lines were asked from, those of the moment itself too */
    record Page(@Nullable String from, List<Line> lines) {
    }

    /** @param goesOn the next line of the same stream belongs to it */
    record Line(String time, boolean error, boolean goesOn, String text) {
    }

    /** @param query {@code after=TIME}, as a line's, or null for the last lines */
    Answer answer(String id, @Nullable String query) {
        Instant after = query == null ? null : after(query);
        Deque<LogEntry> last = new ArrayDeque<>();
        int[] bytes = new int[1];
        containers.getObject().logs(id).read(new LogQuery(LINES, after, null, false), entry -> {
            last.addLast(entry);
            bytes[0] += entry.text().length;
            while (bytes[0] > BYTES && last.size() > 1) {
                bytes[0] -= last.removeFirst().text().length;
            }
        });
        return Answer.json(new Page(after == null ? null : query, last.stream().map(entry -> new Line(entry.time(),
                entry.stderr(), entry.partial(), LogText.of(entry.text()))).toList()));
    }

    private static Instant after(String query) {
        Matcher matcher = AFTER.matcher(query);
        try {
            if (matcher.matches()) {
                return Instant.parse(matcher.group(1));
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        throw new InvalidRequest("read the log", "'" + query + "' is not after=TIME", "");
    }
}
