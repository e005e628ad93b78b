package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.Health;
import dev.tinydocker.network.Network;
import dev.tinydocker.problem.InvalidRequest;

import dev.tinydocker.problem.Nearest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The filters of {@code ps}: {@code KEY=VALUE}. Several values of one key are alternatives, but for labels, which must
 * all be there; several keys must all fit.
 */
final class PsFilter {

    private static final List<String> KEYS = List.of("id", "name", "label", "status", "exited", "before", "since",
            "ancestor", "health", "network");
    private static final List<String> HEALTH = List.of("starting", "healthy", "unhealthy", "none");
    private static final List<String> STATES = List.of("created", "running", "paused", "restarting", "removing",
            "exited", "dead");

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
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw bad(word, "it has no value", "write KEY=VALUE, as in status=exited");
            }
            filter.add(word, word.substring(0, equals).strip(), word.substring(equals + 1).strip());
        }
        return filter;
    }

    private void add(String word, String key, String value) {
        predicates.computeIfAbsent(key, _ -> new ArrayList<>()).add(switch (key) {
            case "id" -> matches(word, value, Container::id);
            case "name" -> matches(word, value, Container::name);
            case "ancestor" -> container -> container.image().equals(value.replaceFirst(":latest$", ""));
            case "label" -> label(value);
            case "status" -> status(word, value);
            case "exited" -> exited(word, value);
            case "health" -> health(word, value);
            case "network" -> container -> PsRow.networks(container)
                    .contains(value.equals("bridge") ? Network.DEFAULT : value);
            case "before" -> before(containers.inspect(value).createdAt());
            case "since" -> since(containers.inspect(value).createdAt());
            default -> throw bad(word, "there is no filter '" + key + "'", Nearest.to(key, KEYS)
                    .map(near -> "did you mean '" + near + "'?").orElse("there are " + String.join(", ", KEYS)));
        });
    }

    /** Whether containers that do not run are asked for: one who asks for a state wants all that are in it. */
    boolean wantsAll() {
        return predicates.containsKey("status");
    }

    boolean test(Container container) {
        return predicates.entrySet().stream().allMatch(entry -> entry.getKey().equals("label")
                ? entry.getValue().stream().allMatch(predicate -> predicate.test(container))
                : entry.getValue().stream().anyMatch(predicate -> predicate.test(container)));
    }

    private static Predicate<Container> matches(String word, String value, Function<Container, String> text) {
        try {
            Pattern pattern = Pattern.compile(value);
            return container -> pattern.matcher(text.apply(container)).find();
        } catch (PatternSyntaxException e) {
            throw bad(word, "'" + value + "' is no regular expression", "write a part of it");
        }
    }

    private static Predicate<Container> label(String value) {
        int equals = value.indexOf('=');
        if (equals < 0) {
            return container -> container.spec().labels().containsKey(value);
        }
        String name = value.substring(0, equals);
        return container -> value.substring(equals + 1).equals(container.spec().labels().get(name));
    }

    private static Predicate<Container> status(String word, String value) {
        if (!STATES.contains(value)) {
            throw bad(word, "there is no state '" + value + "'", "there are " + String.join(", ", STATES));
        }
        return container -> PsRow.state(container).equals(value);
    }

    private static Predicate<Container> health(String word, String value) {
        if (!HEALTH.contains(value)) {
            throw bad(word, "there is no health '" + value + "'", "there are " + String.join(", ", HEALTH));
        }
        return container -> {
            Health health = container.health();
            return value.equals(health == null ? "none" : health.status().word());
        };
    }

    private static Predicate<Container> exited(String word, String value) {
        try {
            Integer code = Integer.valueOf(value);
            return container -> PsRow.state(container).equals("exited") && Objects.equals(container.exitCode(), code);
        } catch (NumberFormatException e) {
            throw bad(word, "'" + value + "' is no exit status", "give a number");
        }
    }

    private static Predicate<Container> before(Instant time) {
        return container -> container.createdAt().isBefore(time);
    }

    private static Predicate<Container> since(Instant time) {
        return container -> container.createdAt().isAfter(time);
    }

    private static InvalidRequest bad(String word, String why, String hint) {
        return new InvalidRequest("filter by '" + word + "'", why, hint);
    }
}
