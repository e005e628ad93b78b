package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.image.Image;
import dev.tinydocker.network.Network;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.volume.Volume;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** The filters of pruning: {@code until=TIME}, {@code label=KEY[=VALUE]}, {@code label!=KEY[=VALUE]}; all must fit. */
final class PruneFilter {

    static final OptionSpec OPTION = OptionSpec.value("filter", "KEY=VALUE",
            "only what fits: until=24h, label=KEY, label!=KEY=VALUE");

    private final List<BiPredicate<Instant, Map<String, String>>> all = new ArrayList<>();

    private PruneFilter() {
    }

    /** @throws InvalidRequest on a key or a value that is none */
    static PruneFilter of(List<String> words, Clock clock) {
        PruneFilter filter = new PruneFilter();
        for (String word : words) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            String value = word.substring(equals + 1);
            switch (key) {
                case "until" -> {
                    Instant time = TimeWords.parse(value, clock);
                    filter.all.add((created, _) -> created.isBefore(time));
                }
                case "label" -> filter.all.add((_, labels) -> FilterWords.has(labels, value));
                case "label!" -> filter.all.add((_, labels) -> !FilterWords.has(labels, value));
                default -> throw new InvalidRequest("filter by '" + word + "'", "there is no filter '" + key + "'",
                        "there are until and label");
            }
        }
        return filter;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    boolean test(Container container) {
        return fits(container.createdAt(), container.spec().labels());
    }

    boolean test(Image image) {
        return fits(image.config().created(), image.config().labels());
    }

    boolean test(Network network) {
        return fits(network.createdAt(), network.labels());
    }

    boolean test(Volume volume) {
        return fits(volume.createdAt(), volume.labels());
    }

    private boolean fits(Instant created, Map<String, String> labels) {
        return all.stream().allMatch(each -> each.test(created, labels));
    }
}
