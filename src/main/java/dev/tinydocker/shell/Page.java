package dev.tinydocker.shell;

import dev.tinydocker.problem.Printable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lines of a text in sections, {@value #WIDTH} columns wide where its words allow it. Fit for a terminal. */
final class Page {

    static final int WIDTH = 100;
    private static final String INDENT = "  ";
    private static final Pattern HEADING = Pattern.compile("([A-Z][A-Z ]*[A-Z]) {2,}(\\S+(?: \\S+)*)");
    private static final Pattern SECOND_COLUMN = Pattern.compile("^ *\\S+(?: \\S+)* {2,}");

    private final StringBuilder text = new StringBuilder();

    /** A heading, and at the right where what follows it is from. */
    Page section(String title, String source) {
        return section(title, source, WIDTH);
    }

    /** The same in other columns. */
    Page section(String title, String source, int width) {
        text.append(text.isEmpty() ? "" : "\n");
        return raw(title + " ".repeat(Math.max(2, width - title.length() - source.length())) + source);
    }

    /** A line of a section. */
    Page line(String line) {
        return raw(INDENT + line);
    }

    Page raw(String line) {
        text.append(Printable.line(line).stripTrailing()).append('\n');
        return this;
    }

    /** A word, and beside it words that go on below each other where one line does not hold them. */
    Page list(String name, int width, List<String> words) {
        String left = INDENT + pad(name, width);
        StringBuilder line = new StringBuilder(left);
        for (String word : words) {
            if (line.length() > left.length() && line.length() + word.length() > WIDTH) {
                raw(line.toString());
                line = new StringBuilder(" ".repeat(left.length()));
            }
            line.append(word).append(' ');
        }
        return raw(line.toString());
    }

    /**
     * Lines of text for a terminal that is narrower than they are: those of a sentence are folded between its words,
     * those that are indented stay.
     *
     * @param columns of the terminal, 0 for none
     */
    static List<String> folded(List<String> lines, int columns) {
        if (columns <= 0 || lines.stream().allMatch(line -> line.length() <= columns)) {
            return lines;
        }
        List<String> folded = new ArrayList<>();
        List<String> sentence = new ArrayList<>();
        for (String line : lines) {
            boolean apart = line.isEmpty() || line.startsWith(" ");
            if (apart && !sentence.isEmpty()) {
                folded.addAll(wrapped(String.join(" ", sentence), columns));
                sentence.clear();
            }
            (apart ? folded : sentence).add(line);
        }
        if (!sentence.isEmpty()) {
            folded.addAll(wrapped(String.join(" ", sentence), columns));
        }
        return folded;
    }

    /**
     * A page of tables for a terminal that is narrower: what does not fit goes on below its line's second column.
     *
     * @param columns of the terminal, 0 for none
     */
    static String fitted(String page, int columns) {
        return columns <= 0 || columns >= WIDTH ? page
                : page.lines().map(line -> fittedLine(line, columns)).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String fittedLine(String line, int columns) {
        Matcher heading = HEADING.matcher(line);
        if (line.length() <= columns) {
            return line;
        }
        if (heading.matches()) {
            String title = heading.group(1);
            return title + " ".repeat(Math.max(2, columns - title.length() - heading.group(2).length()))
                    + heading.group(2);
        }
        Matcher column = SECOND_COLUMN.matcher(line);
        int indent = column.find() && column.end() <= columns / 2 ? column.end() : 4;
        int cut = line.lastIndexOf(' ', columns);
        if (cut <= columns / 2) {
            // A path is not broken, so that it can be copied.
            return line;
        }
        return line.substring(0, cut).stripTrailing() + "\n"
                + fittedLine(" ".repeat(indent) + line.substring(cut).strip(), columns);
    }

    /** A sentence, cut into lines between its words. */
    static List<String> wrapped(String sentence, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : Printable.line(sentence).split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
            while (line.length() > width) {
                lines.add(line.substring(0, width));
                line.delete(0, width);
            }
        }
        lines.add(line.toString());
        return lines;
    }

    /** That wide, or wider where it is too long, with a blank behind it. */
    static String pad(String word, int width) {
        String fit = Printable.line(word);
        return fit + " ".repeat(Math.max(width > 0 ? 1 : 0, width - fit.codePointCount(0, fit.length())));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
