package dev.tinydocker.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A page on one thing that containers are made of, with commands to try.
 *
 * @param name as {@code pivot_root}
 * @param title in one sentence
 * @param also further words for it
 * @param manual sections of the manual that it is in, as {@code namespaces(7)}
 * @param options of {@code run}, for a container in which the commands print what the page says
 * @param lines of the page, in order
 */
public record Subject(String name, String title, List<String> also, List<String> manual, List<String> options,
        List<Line> lines) {

    /** Who types a command. */
    public enum Place {
        CONTAINER, HOST
    }

    /** A line of a page. */
    public sealed interface Line {
    }

    /** A line of text, or an empty one. */
    public record Text(String text) implements Line {
    }

    /** What is typed, by whom, and what comes back: lines, in which what varies is between « and ». */
    public record Trial(Place place, String command, List<String> output) implements Line {

        /** An expression that a line of the output matches as a whole. */
        public static Pattern pattern(String line) {
            StringBuilder expression = new StringBuilder();
            for (String part : line.split("(?=«)|(?<=»)")) {
                String inside = part.startsWith("«") ? part.substring(1, part.length() - 1) : "";
                expression.append(inside.isEmpty() ? Pattern.quote(part) : inside.chars().allMatch(Character::isDigit)
                        ? "[0-9]+" : inside.contains(" ") ? ".+" : "\\S+");
            }
            return Pattern.compile(expression.toString());
        }
    }

    /** What stands for the container's name in a page. */
    public static final String EXAMPLE = "web";

    private static final String CONTAINER = "  $ ";
    private static final String HOST = "  # ";
    private static final String OUTPUT = "    ";

    /**
     * Reads a page: lines {@code title}, {@code also}, {@code see}, {@code run}, an empty one, and the text, in which
     * a command is indented behind {@code $} for the container or {@code #} for the host, and its output below.
     */
    static Subject parse(String name, String page) {
        List<String> all = page.lines().toList();
        int head = all.indexOf("");
        List<Line> lines = new ArrayList<>();
        for (String line : all.subList(head + 1, all.size())) {
            if (line.startsWith(CONTAINER) || line.startsWith(HOST)) {
                lines.add(new Trial(line.startsWith(HOST) ? Place.HOST : Place.CONTAINER,
                        line.substring(CONTAINER.length()), new ArrayList<>()));
            } else if (line.startsWith(OUTPUT) && !lines.isEmpty() && lines.getLast() instanceof Trial trial) {
                trial.output.add(line.substring(OUTPUT.length()));
            } else {
                lines.add(new Text(line));
            }
        }
        return new Subject(name, value(all, head, "title"), words(all, head, "also"),
                Arrays.stream(value(all, head, "see").split(", ")).toList(), words(all, head, "run"),
                List.copyOf(lines));
    }

    private static String value(List<String> lines, int head, String key) {
        return lines.subList(0, head).stream().filter(line -> line.startsWith(key + " ")).findFirst()
                .map(line -> line.substring(key.length() + 1)).orElse("");
    }

    private static List<String> words(List<String> lines, int head, String key) {
        String value = value(lines, head, key);
        return value.isEmpty() ? List.of() : List.of(value.split(" "));
    }
}
