package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.volume.Volume;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The filters of {@code volume ls}: several of one key are alternatives, but labels, of which all must be there. */
final class VolumeFilter {

    private static final List<String> KEYS = List.of("dangling", "driver", "label", "name");

    private final Map<String, List<Predicate<Volume>>> predicates = new LinkedHashMap<>();

    private VolumeFilter() {
    }

    /**
     * Reads them.
     *
     * @param used the names of volumes that a container has
     * @throws InvalidRequest on a key or a value that is none
     */
    static VolumeFilter of(List<String> words, Set<String> used) {
        VolumeFilter filter = new VolumeFilter();
        for (String text : words) {
            FilterWords word = FilterWords.of(text, "dangling=true");
            filter.predicates.computeIfAbsent(word.key(), _ -> new ArrayList<>()).add(predicate(word, used));
        }
        return filter;
    }

    private static Predicate<Volume> predicate(FilterWords word, Set<String> used) {
        String value = word.value();
        return switch (word.key()) {
            case "dangling" -> {
                boolean wanted = word.truth();
                yield volume -> used.contains(volume.name()) != wanted;
            }
            case "driver" -> _ -> value.equals("local");
            case "label" -> volume -> FilterWords.has(volume.labels(), value);
            case "name" -> volume -> volume.name().contains(value);
            default -> throw word.unknown(KEYS);
        };
    }

    boolean test(Volume volume) {
        return FilterWords.fit(predicates, volume);
    }
}
