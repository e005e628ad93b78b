package dev.tinydocker.shell;

import dev.tinydocker.network.Network;
import dev.tinydocker.network.Networks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Nearest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The filters of {@code network ls}: {@code KEY=VALUE}. Several values of one key are alternatives, but for labels,
 * which must all be there; several keys must all fit.
 */
final class NetworkFilter {

    private static final List<String> KEYS = List.of("dangling", "driver", "id", "label", "name", "scope", "type");

    private final Networks networks;
    private final Map<String, List<Predicate<Network>>> predicates = new LinkedHashMap<>();

    private NetworkFilter(Networks networks) {
        this.networks = networks;
    }

    /** @throws InvalidRequest on a key or a value that is none */
    static NetworkFilter of(List<String> words, Networks networks) {
        NetworkFilter filter = new NetworkFilter(networks);
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw bad(word, "it has no value", "write KEY=VALUE, as in driver=bridge");
            }
            String key = word.substring(0, equals);
            filter.predicates.computeIfAbsent(key, _ -> new ArrayList<>())
                    .add(filter.predicate(word, key, word.substring(equals + 1)));
        }
        return filter;
    }

    private Predicate<Network> predicate(String word, String key, String value) {
        return switch (key) {
            case "dangling" -> {
                boolean wanted = truth(word, value);
                yield network -> !network.isBuiltIn() && networks.leases(network).isEmpty() == wanted;
            }
            case "driver" -> network -> network.driver().word().equals(value);
            case "id" -> network -> network.id().contains(value);
            case "label" -> network -> PruneFilter.has(network.labels(), value);
            case "name" -> network -> network.name().contains(value);
            case "scope" -> _ -> value.equals("local");
            case "type" -> switch (value) {
                case "builtin" -> Network::isBuiltIn;
                case "custom" -> network -> !network.isBuiltIn();
                default -> throw bad(word, "there is no type '" + value + "'", "there are builtin and custom");
            };
            default -> throw bad(word, "there is no filter '" + key + "'", Nearest.to(key, KEYS)
                    .map(near -> "did you mean '" + near + "'?").orElse("there are " + String.join(", ", KEYS)));
        };
    }

    boolean test(Network network) {
        return predicates.entrySet().stream().allMatch(entry -> entry.getKey().equals("label")
                ? entry.getValue().stream().allMatch(predicate -> predicate.test(network))
                : entry.getValue().stream().anyMatch(predicate -> predicate.test(network)));
    }

    private static boolean truth(String word, String value) {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw bad(word, "'" + value + "' is neither true nor false", "write dangling=true");
        };
    }

    private static InvalidRequest bad(String word, String why, String hint) {
        return new InvalidRequest("filter by '" + word + "'", why, hint);
    }
}
