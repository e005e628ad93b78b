package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.Health;
import dev.tinydocker.network.Network;
import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.problem.InvalidRequest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The filters of {@code ps}: {@code KEY=VALUE}. Several values of one key are alternatives, but for labels, which must
 * all be there; several keys must all fit.
 */
final class PsFilter {

    private static final List<String> KEYS = List.of("id", "name", "label", "status", "exited", "before", "since",
            "ancestor", "health", "network", "volume", "publish", "expose");
    private static final List<String> HEALTH = List.of("starting", "healthy", "unhealthy", "none");
    private static final List<String> STATES = List.of("created", "running", "paused", "restarting", "removing",
            "exited", "dead");

    /** As in 80, 53/udp, 8000-8010. */
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?(?:/(tcp|udp))?");

    private final ContainerService containers;
    private final Map<String, List<Predicate<Container>>> predicates = new LinkedHashMap<>();

    private PsFilter(ContainerService containers) {
        this.containers = containers;
    }

    /**
     * Reads filters. {@code before} and {@code since} look their container up.
     *
     * @throws InvalidRequest on a key or a value that is none
     */
    static PsFilter of(List<String> words, ContainerService containers) {
        PsFilter filter = new PsFilter(containers);
        for (String word : words) {
            filter.add(FilterWords.of(word, "status=exited"));
        }
        return filter;
    }

    private void add(FilterWords word) {
        String value = word.value();
        predicates.computeIfAbsent(word.key(), _ -> new ArrayList<>()).add(switch (word.key()) {
            case "id" -> matches(word, value, Container::id);
            // Docker's names begin with a slash, and some scripts know that.
            case "name" -> matches(word, value.replaceFirst("^\\^/", "^").replaceFirst("^/", "^"), Container::name);
            case "ancestor" -> container -> container.image().equals(value.replaceFirst(":latest$", ""));
            case "label" -> container -> FilterWords.has(container.spec().labels(), value);
            case "status" -> status(word);
            case "exited" -> exited(word);
            case "health" -> health(word);
            case "network" -> container -> PsRow.networks(container).contains(Network.nameOf(value));
            case "volume" -> container -> volumes(container).anyMatch(value::equals);
            case "publish" -> ports(word, this::published, PublishedPort::hostPort);
            case "expose" -> ports(word, this::exposed, PublishedPort::containerPort);
            case "before" -> before(containers.inspect(value).createdAt());
            case "since" -> since(containers.inspect(value).createdAt());
            default -> throw word.unknown(KEYS);
        });
    }

    /** Whether containers that do not run are asked for: one who asks for a state wants all that are in it. */
    boolean wantsAll() {
        return predicates.containsKey("status");
    }

    boolean test(Container container) {
        return FilterWords.fit(predicates, container);
    }

    private static Predicate<Container> matches(FilterWords word, String value, Function<Container, String> text) {
        try {
            Pattern pattern = Pattern.compile(value);
            return container -> pattern.matcher(text.apply(container)).find();
        } catch (PatternSyntaxException e) {
            throw word.bad("'" + value + "' is no regular expression", "write a part of it");
        }
    }

    private static Predicate<Container> status(FilterWords word) {
        String value = word.value();
        if (!STATES.contains(value)) {
            throw word.bad("there is no state '" + value + "'", "there are " + String.join(", ", STATES));
        }
        return container -> PsRow.state(container).equals(value);
    }

    private static Predicate<Container> health(FilterWords word) {
        String value = word.value();
        if (!HEALTH.contains(value)) {
            throw word.bad("there is no health '" + value + "'", "there are " + String.join(", ", HEALTH));
        }
        return container -> {
            Health health = container.health();
            return value.equals(health == null ? "none" : health.status().word());
        };
    }

    /** What is mounted, and where. */
    private static Stream<String> volumes(Container container) {
        Stream<String> mounts = container.spec().mounts().stream()
                .flatMap(mount -> Stream.of(PsRow.source(mount), mount.target()));
        return Stream.concat(mounts, container.spec().volumes().stream());
    }

    private static Predicate<Container> ports(FilterWords word, Function<Container, Stream<PublishedPort>> ports,
            ToIntFunction<PublishedPort> number) {
        Matcher asked = PORTS.matcher(word.value());
        if (!asked.matches()) {
            throw word.bad("'" + word.value() + "' is no port", "write one as in 80, 53/udp or 8000-8010");
        }
        int first = Integer.parseInt(asked.group(1));
        int last = asked.group(2) == null ? first : Integer.parseInt(asked.group(2));
        String protocol = asked.group(3) == null ? "tcp" : asked.group(3);
        return container -> ports.apply(container).anyMatch(port -> port.protocol().word().equals(protocol)
                && first <= number.applyAsInt(port) && number.applyAsInt(port) <= last);
    }

    private Stream<PublishedPort> published(Container container) {
        return container.state().isAlive() ? containers.ports(container.id()).stream() : Stream.of();
    }

    private Stream<PublishedPort> exposed(Container container) {
        return container.state().isAlive()
                ? Stream.concat(published(container), container.spec().network().exposed().stream()) : Stream.of();
    }

    private static Predicate<Container> exited(FilterWords word) {
        String value = word.value();
        try {
            Integer code = Integer.valueOf(value);
            return container -> PsRow.state(container).equals("exited") && Objects.equals(container.exitCode(), code);
        } catch (NumberFormatException e) {
            throw word.bad("'" + value + "' is no exit status", "give a number");
        }
    }

    private static Predicate<Container> before(Instant time) {
        return container -> container.createdAt().isBefore(time);
    }

    private static Predicate<Container> since(Instant time) {
        return container -> container.createdAt().isAfter(time);
    }
}
