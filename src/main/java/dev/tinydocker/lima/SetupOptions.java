package dev.tinydocker.lima;

import dev.tinydocker.problem.InvalidRequest;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What {@code setup lima} is to do.
 *
 * @param sizes limactl's options for the instance, where it is created
 */
record SetupOptions(List<String> sizes, boolean dryRun, boolean recreate) {

    private static final String CPUS = "[1-9][0-9]{0,3}";
    private static final String GIB = "(?=.*[1-9])[0-9]{1,5}(\\.[0-9]{1,3})?";
    private static final List<String> FLAGS = List.of("--dry-run", "--recreate");
    private static final String USAGE =
            "'tiny setup lima [--cpus N] [--memory GIB] [--disk GIB] [--dry-run] [--recreate]' is what there is";

    /** @throws InvalidRequest where the words say something else */
    static SetupOptions parse(List<String> words) {
        if (words.isEmpty() || !words.getFirst().equals("lima")) {
            throw refused(words, "there is no such command");
        }
        List<String> sizes = new ArrayList<>();
        boolean dryRun = false;
        boolean recreate = false;
        for (Iterator<String> rest = words.subList(1, words.size()).iterator(); rest.hasNext();) {
            String[] parts = rest.next().split("=", 2);
            if (parts.length > 1 && FLAGS.contains(parts[0])) {
                throw refused(words, parts[0] + " takes no value");
            }
            switch (parts[0]) {
                case "--dry-run" -> dryRun = true;
                case "--recreate" -> recreate = true;
                case "--cpus", "--memory", "--disk" -> {
                    String value = parts.length > 1 ? parts[1] : rest.hasNext() ? rest.next() : "";
                    if (!value.matches(parts[0].equals("--cpus") ? CPUS : GIB)) {
                        throw refused(words, "'" + value + "' is no number for " + parts[0]);
                    }
                    sizes.add(parts[0] + "=" + value);
                }
                default -> throw refused(words, "there is no option '" + parts[0] + "'");
            }
        }
        return new SetupOptions(List.copyOf(sizes), dryRun, recreate);
    }

    private static InvalidRequest refused(List<String> words, String why) {
        return new InvalidRequest("execute '" + ("setup " + String.join(" ", words)).strip() + "'", why, USAGE);
    }
}
