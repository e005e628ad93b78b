package dev.tinydocker.lesson;

import dev.tinydocker.lesson.Lesson.Step;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A lesson as it is written down. The first line is its title; what each further one is, its first two characters say:
 *
 * <pre>
 * (none)   text, before the first step
 * &gt;        text of a step; the first such line after something else begins the next step
 * $        a line of its command
 * =        a regular expression that some line of its output has
 * ?        its exit status, where that is not 0
 * -        a command of the clean-up
 * </pre>
 */
final class LessonFile {

    private final List<String> text = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<String> cleanup = new ArrayList<>();
    private List<String> said = new ArrayList<>();
    private List<String> command = new ArrayList<>();
    private List<Pattern> seen = new ArrayList<>();
    private int status;

    private LessonFile() {
    }

    /** @throws IllegalArgumentException where it is not in that form */
    static Lesson read(int number, String file) {
        List<String> lines = file.lines().toList();
        LessonFile read = new LessonFile();
        lines.stream().skip(1).forEach(read::line);
        read.endOfStep();
        if (read.steps.isEmpty()) {
            throw new IllegalArgumentException("lesson " + number + " has no step");
        }
        return new Lesson(number, lines.getFirst(), List.copyOf(read.text), List.copyOf(read.steps),
                List.copyOf(read.cleanup));
    }

    private void line(String line) {
        String rest = line.length() > 2 ? line.substring(2) : "";
        switch (line.isEmpty() ? ' ' : line.charAt(0)) {
            case '>' -> {
                if (!command.isEmpty()) {
                    endOfStep();
                }
                said.add(rest);
            }
            case '$' -> command.add(rest);
            case '=' -> seen.add(Pattern.compile(rest));
            case '?' -> status = Integer.parseInt(rest);
            case '-' -> cleanup.add(rest);
            default -> {
                if (said.isEmpty() && (!text.isEmpty() || !line.isEmpty())) {
                    text.add(line);
                }
            }
        }
    }

    private void endOfStep() {
        if (said.isEmpty()) {
            return;
        }
        if (command.isEmpty()) {
            throw new IllegalArgumentException("nothing is done for: " + said.getFirst());
        }
        steps.add(new Step(said, command, seen, status));
        said = new ArrayList<>();
        command = new ArrayList<>();
        seen = new ArrayList<>();
        status = 0;
    }
}
