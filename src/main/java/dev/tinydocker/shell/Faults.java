package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Problem;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects all that is wrong with a request, so that a user is told of everything at once. */
final class Faults {

    private final String what;
    private final List<Problem> found = new ArrayList<>();

    /** @param what the deed and its object, as in {@code run 'busybox'} */
    Faults(String what) {
        this.what = what;
    }

    /** What the reader reads, or {@code otherwise} where it finds a fault. */
    <T> T read(Supplier<T> reader, T otherwise) {
        try {
            return reader.get();
        } catch (Problem problem) {
            found.add(problem);
            return otherwise;
        }
    }

    /** A fault of one option's value. */
    void add(String option, String value, String why, String hint) {
        found.add(InvalidRequest.ofOption(option, value, why, hint));
    }

    /**
     * Ends the collection.
     *
     * @throws Problem the one that was found, or one that lists them all
     */
    void check() {
        if (found.size() == 1) {
            throw found.getFirst();
        }
        if (!found.isEmpty()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < found.size(); i++) {
                all.append(i == 0 ? "(" : " (").append(i + 1).append(") ").append(found.get(i).line());
            }
            throw new InvalidRequest(what, all.toString(), "");
        }
    }
}
