package dev.tinydocker.namespace;

import dev.tinydocker.problem.InvalidRequest;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Whose users those in a container are; kept with it as JSON.
 *
 * @param ranges what its numbers are outside; empty where they are the host's, or are not given out yet
 */
public record Users(Mode mode, List<IdRange> ranges) {

    public static final Users HOST = new Users(Mode.HOST, List.of());
    /** As {@code tiny.users.mode} says. */
    public static final Users NOT_ASKED = new Users(Mode.NOT_ASKED, List.of());
    static final Users AUTO = new Users(Mode.AUTO, List.of());

    /** Lines that the kernel takes in one map. */
    private static final int MOST_RANGES = 340;
    private static final String HINT = "give auto, host or map=INSIDE:OUTSIDE:SIZE, as in map=0:100000:65536";

    /** Who chooses. */
    public enum Mode {
        NOT_ASKED, HOST, AUTO, MAP
    }

    public Users {
        ranges = List.copyOf(ranges);
    }

    /** The word of {@code --userns}. @throws InvalidRequest where it is none */
    public static Users parse(String word) {
        if (word.equals("host")) {
            return HOST;
        }
        if (word.equals("auto") || word.equals("private")) {
            return AUTO;
        }
        if (!word.startsWith("map=")) {
            throw invalid(word, "there is no such choice");
        }
        List<IdRange> ranges = new ArrayList<>();
        for (String part : word.substring("map=".length()).split(",", -1)) {
            IdRange range = range(word, part);
            if (ranges.stream().anyMatch(range::collides)) {
                throw invalid(word, "two of its ranges overlap");
            }
            ranges.add(range);
        }
        if (ranges.size() > MOST_RANGES) {
            throw invalid(word, "it has more than " + MOST_RANGES + " ranges");
        }
        if (ranges.stream().noneMatch(range -> range.has(0))) {
            throw invalid(word, "it leaves the container without a root, which is user 0");
        }
        return new Users(Mode.MAP, ranges);
    }

    private static IdRange range(String word, String part) {
        String[] numbers = part.split(":", -1);
        try {
            if (numbers.length == 3) {
                return new IdRange(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
            }
        } catch (NumberFormatException e) {
            throw invalid(word, "'" + part + "' is not three numbers");
        } catch (IllegalArgumentException e) {
            throw invalid(word, "'" + part + "': " + e.getMessage());
        }
        throw invalid(word, "'" + part + "' is not three numbers");
    }

    private static InvalidRequest invalid(String word, String why) {
        return InvalidRequest.ofOption("--userns", word, why, HINT);
    }

    /** The same choice with numbers given out. */
    public Users with(IdRange range) {
        return new Users(mode, List.of(range));
    }

    /** Whether it has a user namespace of its own. */
    public boolean apart() {
        return !ranges.isEmpty();
    }

    /** Whether it has one as soon as numbers are given out. */
    boolean willBeApart() {
        return mode == Mode.AUTO || mode == Mode.MAP;
    }

    /** A number of the container as the host has it; empty where nobody is that. */
    public OptionalInt outside(long id) {
        if (!apart()) {
            return OptionalInt.of((int) id);
        }
        return ranges.stream().filter(range -> range.has(id))
                .mapToInt(range -> (int) (range.outside() + id - range.inside())).findFirst();
    }

    /** A number of the host as the container has it; empty where nobody is that. */
    public OptionalInt inside(long id) {
        return ranges.stream().filter(range -> id >= range.outside() && id < range.outside() + range.size())
                .mapToInt(range -> (int) (range.inside() + id - range.outside())).findFirst();
    }

    /** The container's root as the host has it. */
    public int root() {
        return outside(0).orElseThrow();
    }

    /** As the kernel takes it, and as Docker's option says it. */
    String map() {
        return ranges.stream().map(range -> range.inside() + " " + range.outside() + " " + range.size() + "\n")
                .collect(Collectors.joining());
    }

    /** As {@code --userns} takes it. */
    public String word() {
        return mode == Mode.MAP ? ranges.stream()
                .map(range -> range.inside() + ":" + range.outside() + ":" + range.size())
                .collect(Collectors.joining(",", "map=", "")) : apart() ? "auto" : "host";
    }
}
