package dev.tinydocker.shell;

import dev.tinydocker.problem.Problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the words of a command lead to, each as a document: a JSON array, or a template filled for each. */
final class Findings {

    private Findings() {
    }

    /** The option {@code --format} of a command that prints documents. */
    static OptionSpec format(String example) {
        return OptionSpec.value('f', "format", "FORMAT", "a template as in " + example + ", or json");
    }

    /**
     * Prints them. What is found is printed even where other words lead nowhere.
     *
     * @param format {@link #format}
     * @return the exit status
     */
    static int print(Invocation invocation, OptionSpec format, Function<String, Map<String, Object>> look) {
        List<Map<String, Object>> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String word : invocation.arguments()) {
            try {
                found.add(look.apply(word));
            } catch (Problem problem) {
                missing.add(problem.line());
            }
        }
        String wanted = invocation.value(format).orElse("");
        if (wanted.isEmpty()) {
            invocation.out().println(Json.lines(found));
        } else if (wanted.equals("json")) {
            invocation.out().println(Json.line(found));
        } else {
            Template template = Template.of(wanted);
            found.forEach(document -> invocation.out().println(template.fill(document)));
        }
        invocation.out().flush();
        missing.forEach(invocation.err()::println);
        return missing.isEmpty() ? 0 : ExitStatuses.FAILED;
    }
}
