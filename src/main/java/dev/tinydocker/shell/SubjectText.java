package dev.tinydocker.shell;

import dev.tinydocker.explain.Subject;
import dev.tinydocker.explain.Subject.Place;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/** A page on a subject, as a person reads it. */
final class SubjectText {

    private static final int NAME = 16;

    private SubjectText() {
    }

    static String list(List<Subject> all) {
        Page page = new Page().raw("'explain CONTAINER' takes a container apart. 'explain SUBJECT' tells what one of "
                + "these is:").raw("");
        all.forEach(subject -> page.line(Page.pad(subject.name(), NAME) + subject.title()));
        return page.toString();
    }

    /**
     * @param container whose name stands in the commands; empty for an example's
     * @param runs whether commands can be typed in it
     * @param columns of the terminal, 0 for none: sentences are folded where it is narrower than a page
     */
    static String of(Subject subject, String container, boolean runs, int columns) {
        String name = container.isEmpty() ? Subject.EXAMPLE : container;
        List<String> lines = new ArrayList<>(List.of(subject.title(), ""));
        for (Subject.Line line : subject.lines()) {
            switch (line) {
                case Subject.Text text -> lines.add(text.text());
                case Subject.Trial trial -> {
                    lines.add((trial.place() == Place.HOST ? "  # " : "  $ ") + named(trial.command(), name));
                    trial.output().forEach(output -> lines.add("    " + plain(output)));
                }
            }
        }
        String made = "tiny run -d --name web " + subject.options().stream().map(option -> option + " ")
                .collect(Collectors.joining()) + "busybox sleep 1000";
        lines.add("");
        // What another one prints depends on what it was made with; only the example's is known.
        lines.add((container.isEmpty() ? "Try it:  " : "As printed in:  ") + made);
        Page page = new Page().section(subject.name().toUpperCase(Locale.ROOT),
                String.join(", ", subject.manual()), columns > 0 ? Math.min(columns, Page.WIDTH) : Page.WIDTH);
        Page.folded(lines, columns).forEach(page::raw);
        String last = runs ? "$ is typed in the container (tiny exec -it " + name + " sh), # on the host."
                : "'" + name + "' does not run: nothing can be typed in it.";
        Page.folded(List.of(last), columns).forEach(page::raw);
        return page.toString();
    }

    private static String named(String command, String name) {
        return command.replaceAll("\\b" + Subject.EXAMPLE + "\\b", Matcher.quoteReplacement(name));
    }

    /** What varies is shown as it was once. */
    private static String plain(String output) {
        return output.replace("«", "").replace("»", "");
    }
}
