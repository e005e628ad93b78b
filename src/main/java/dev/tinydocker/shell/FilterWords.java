package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Nearest;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the filters of all lists have in common, as in {@code driver=bridge}.
 *
 * @param word as it was given
 */
record FilterWords(String word, String key, String value) {

    /** @throws InvalidRequest where there is no value */
    static FilterWords of(String word, String example) {
        int equals = word.indexOf('=');
        if (equals < 0) {
            throw new InvalidRequest("filter by '" + word + "'", "it has no value",
                    "write KEY=VALUE, as in " + example);
        }
        return new FilterWords(word, word.substring(0, equals).strip(), word.substring(equals + 1).strip());
    }

    InvalidRequest bad(String why, String hint) {
        return new InvalidRequest("filter by '" + word + "'", why, hint);
    }

    InvalidRequest unknown(List<String> keys) {
        return bad("there is no filter '" + key + "'", Nearest.to(key, keys)
                .map(near -> "did you mean '" + near + "'?").orElse("there are " + String.join(", ", keys)));
    }

    /** @throws InvalidRequest where it is neither true nor false */
    boolean truth() {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw bad("'" + value + "' is neither true nor false", "write " + key + "=true");
        };
    }

    /** Whether there is a label {@code KEY}, or {@code KEY=VALUE}. */
    static boolean has(Map<String, String> labels, String value) {
        int equals = value.indexOf('=');
        String label = labels.get(equals < 0 ? value : value.substring(0, equals));
        return label != null && (equals < 0 || label.equals(value.substring(equals + 1)));
    }

    /**
     * Several values of one key are alternatives, but for labels, which must all be there; several keys must all fit.
     */
    static <T> boolean fit(Map<String, List<Predicate<T>>> predicates, T candidate) {
        return predicates.entrySet().stream().allMatch(entry -> entry.getKey().equals("label")
                ? entry.getValue().stream().allMatch(predicate -> predicate.test(candidate))
                : entry.getValue().stream().anyMatch(predicate -> predicate.test(candidate)));
    }
}
