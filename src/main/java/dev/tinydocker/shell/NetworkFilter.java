package dev.tinydocker.shell;

import dev.tinydocker.network.Network;
import dev.tinydocker.network.Networks;
import dev.tinydocker.problem.InvalidRequest;

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
        for (String text : words) {
            FilterWords word = FilterWords.of(text, "driver=bridge");
            filter.predicates.computeIfAbsent(word.key(), _ -> new ArrayList<>()).add(filter.predicate(word));
        }
        return filter;
    }

    private Predicate<Network> predicate(FilterWords word) {
        String value = word.value();
        return switch (word.key()) {
            case "dangling" -> {
                boolean wanted = word.truth();
                yield network -> !network.isBuiltIn() && networks.leases(network).isEmpty() == wanted;
            }
            case "driver" -> network -> network.driver().word().equals(value);
            case "id" -> network -> network.id().contains(value);
            case "label" -> network -> FilterWords.has(network.labels(), value);
            case "name" -> network -> network.name().contains(value);
            case "scope" -> _ -> value.equals("local");
            case "type" -> switch (value) {
                case "builtin" -> Network::isBuiltIn;
                case "custom" -> network -> !network.isBuiltIn();
                default -> throw word.bad("there is no type '" + value + "'", "there are builtin and custom");
            };
            default -> throw word.unknown(KEYS);
        };
    }

    boolean test(Network network) {
        return FilterWords.fit(predicates, network);
    }
}
