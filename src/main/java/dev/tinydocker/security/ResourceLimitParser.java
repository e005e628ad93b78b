package dev.tinydocker.security;

import dev.tinydocker.problem.InvalidRequest;

import java.util.Map;
import java.util.TreeMap;

/** Reads the word of {@code --ulimit}. */
public final class ResourceLimitParser {

    /** RLIMIT_… by Docker's names, {@code asm-generic/resource.h}; amd64 and arm64 alike. */
    private static final Map<String, Integer> NUMBERS = new TreeMap<>(Map.ofEntries(Map.entry("cpu", 0),
            Map.entry("fsize", 1), Map.entry("data", 2), Map.entry("stack", 3), Map.entry("core", 4),
            Map.entry("rss", 5), Map.entry("nproc", 6), Map.entry("nofile", 7), Map.entry("memlock", 8),
            Map.entry("locks", 10), Map.entry("sigpending", 11), Map.entry("msgqueue", 12), Map.entry("nice", 13),
            Map.entry("rtprio", 14), Map.entry("rttime", 15)));

    private ResourceLimitParser() {
    }

    /**
     * {@code NAME=SOFT[:HARD]}; -1 or {@code unlimited} is no limit.
     *
     * @throws InvalidRequest where there is no such limit, or soft is above hard
     */
    public static ResourceLimit parse(String word) {
        int equals = word.indexOf('=');
        if (equals < 1) {
            throw invalid(word, "it has no value", "give NAME=SOFT[:HARD] as in nofile=1024:4096");
        }
        String name = word.substring(0, equals);
        if (!NUMBERS.containsKey(name)) {
            throw invalid(word, "there is no limit '" + name + "'", "there are " + String.join(", ", NUMBERS.keySet()));
        }
        String[] values = word.substring(equals + 1).split(":", -1);
        if (values.length > 2) {
            throw invalid(word, "it has more than two values", "give NAME=SOFT[:HARD] as in nofile=1024:4096");
        }
        long soft = value(word, values[0]);
        long hard = values.length == 1 ? soft : value(word, values[1]);
        if (Long.compareUnsigned(soft, hard) > 0) {
            throw invalid(word, "the soft limit is above the hard one", "give the smaller one first");
        }
        return new ResourceLimit(name, soft, hard);
    }

    /** RLIMIT_… of a name. */
    public static int number(String name) {
        Integer number = NUMBERS.get(name);
        if (number == null) {
            throw new IllegalArgumentException(name);
        }
        return number;
    }

    private static long value(String word, String value) {
        if (value.equals("unlimited")) {
            return -1;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= -1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, together with what is too small.
        }
        throw invalid(word, "'" + value + "' is not a number", "give a number, or -1 for no limit");
    }

    private static InvalidRequest invalid(String word, String why, String hint) {
        return InvalidRequest.ofOption("--ulimit", word, why, hint);
    }
}
