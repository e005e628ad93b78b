package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.container.Health;
import dev.tinydocker.network.Endpoint;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.volume.Mount;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code ps} tells of one container: texts by the names that Docker's formats know them by. */
final class PsRow {

    private static final List<String> FIELDS = List.of("ID", "Names", "Image", "Command", "CreatedAt", "Created",
            "RunningFor", "State", "Status", "Pid", "Ports", "Labels", "Mounts", "Networks");

    /** Docker's heading, where a user chooses the field. */
    static final Listing LISTING = Listing.of(FIELDS, "ID", "ID", "Status", "STATUS", "Pid", "PID", "Created",
            "CREATED", "Command", "COMMAND", "Names", "NAME", "Image", "IMAGE").heading("Names", "NAMES");

    private static final int COMMAND_RUNES = 20;
    private static final DateTimeFormatter CREATED = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter CREATED_AT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xx zzz",
            Locale.ROOT);

    private PsRow() {
    }

    /** Everything that is known, by the names of Docker's template fields. */
    static Map<String, String> of(Container container, List<PublishedPort> ports, boolean whole, Clock clock) {
        ZoneId zone = clock.getZone();
        Map<String, String> row = new LinkedHashMap<>();
        row.put("ID", whole ? container.id() : container.shortId());
        row.put("Names", container.name());
        row.put("Image", container.image());
        row.put("Command", command(container.argv(), whole));
        row.put("CreatedAt", CREATED_AT.format(container.createdAt().atZone(zone)));
        row.put("Created", CREATED.format(container.createdAt().atZone(zone)));
        row.put("RunningFor", ago(container.createdAt(), clock));
        row.put("State", state(container));
        row.put("Status", status(container, clock));
        row.put("Pid", container.pid() == null ? "" : container.pid().toString());
        row.put("Ports", ports(container, ports));
        row.put("Labels", container.spec().labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(",")));
        row.put("Mounts", container.spec().mounts().stream().map(PsRow::source).collect(Collectors.joining(",")));
        row.put("Networks", String.join(",", networks(container)));
        return row;
    }

    /** Those that are published, then those that are exposed only. */
    private static String ports(Container container, List<PublishedPort> published) {
        Stream<String> exposed = container.state().isAlive() ? container.spec().network().exposed().stream()
                .map(PublishedPort::inside) : Stream.of();
        return Stream.concat(published.stream().map(PublishedPort::toString), exposed.filter(port -> published.stream()
                .noneMatch(other -> other.inside().equals(port)))).collect(Collectors.joining(", "));
    }

    /** The names of its networks. */
    static List<String> networks(Container container) {
        NetworkWish wish = container.spec().network();
        return wish.mode().isConnected() ? wish.endpoints().stream().map(Endpoint::network).toList()
                : List.of(wish.mode().name().toLowerCase(Locale.ROOT));
    }

    /** What is mounted: a path of the host, a volume's name; of memory its place. */
    static String source(Mount mount) {
        return switch (mount) {
            case Mount.Bind bind -> bind.volume() == null ? bind.source() : bind.volume().name();
            case Mount.Tmpfs tmpfs -> tmpfs.target();
        };
    }

    /** The words, those with a blank in quotes but for the first, cut short, and all of it quoted. */
    private static String command(List<String> argv, boolean whole) {
        StringBuilder words = new StringBuilder(argv.getFirst());
        argv.stream().skip(1).map(word -> word.contains(" ") ? "'" + word + "'" : word)
                .forEach(word -> words.append(' ').append(word));
        String line = words.toString();
        if (!whole && line.codePointCount(0, line.length()) > COMMAND_RUNES) {
            line = line.substring(0, line.offsetByCodePoints(0, COMMAND_RUNES - 1)) + "…";
        }
        StringBuilder quoted = new StringBuilder("\"");
        line.chars().forEach(c -> escape(quoted, (char) c));
        return quoted.append('"').toString();
    }

    /** What would move the cursor is shown, not done. */
    private static void escape(StringBuilder quoted, char c) {
        switch (c) {
            case '"', '\\' -> quoted.append('\\').append(c);
            case '\n' -> quoted.append("\\n");
            case '\t' -> quoted.append("\\t");
            case '\r' -> quoted.append("\\r");
            default -> {
                if (Character.isISOControl(c)) {
                    quoted.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
                } else {
                    quoted.append(c);
                }
            }
        }
    }

    /** Docker's name for the state. */
    static String state(Container container) {
        return switch (container.state()) {
            case CREATED, STARTING -> "created";
            case RUNNING, STOPPING -> "running";
            case EXITED -> "exited";
            case DEAD -> "dead";
            case REMOVED -> "removing";
        };
    }

    /** Docker's sentence on the state. */
    static String status(Container container, Clock clock) {
        return switch (container.state()) {
            case CREATED, STARTING -> "Created";
            case RUNNING, STOPPING -> "Up " + Durations.words(since(container.startedAt(), clock)) + health(container);
            case EXITED -> "Exited (" + (container.exitCode() == null ? 0 : container.exitCode()) + ") "
                    + ago(container.finishedAt(), clock);
            case DEAD -> "Dead";
            case REMOVED -> "Removal In Progress";
        };
    }

    private static String health(Container container) {
        Health health = container.health();
        if (health == null) {
            return "";
        }
        return health.status() == Health.Status.STARTING ? " (health: starting)" : " (" + health.status().word() + ")";
    }

    private static String ago(@Nullable Instant time, Clock clock) {
        return Durations.words(since(time, clock)) + " ago";
    }

    private static Duration since(@Nullable Instant time, Clock clock) {
        return time == null ? Duration.ZERO : Duration.between(time, clock.instant());
    }
}
