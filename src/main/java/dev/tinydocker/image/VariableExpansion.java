package dev.tinydocker.image;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words of an instruction as the builder of Dockerfiles reads them: quotes and backslashes are taken away, {@code
 * $NAME}, {@code ${NAME}}, {@code ${NAME:-otherwise}} and {@code ${NAME:+instead}} are replaced; what has no value is
 * empty.
 */
final class VariableExpansion {

    private static final Pattern VARIABLE = Pattern
            .compile("\\$(?:(\\w+)|\\{(\\w+)(?::([-+])((?:[^{}\\\\]|\\\\.)*))?})");

    private final UnaryOperator<String> values;
    private final Function<String, ? extends RuntimeException> bad;

    /**
     * @param values what a name stands for; empty for nothing
     * @param bad makes the error of a reason
     */
    VariableExpansion(UnaryOperator<String> values, Function<String, ? extends RuntimeException> bad) {
        this.values = values;
        this.bad = bad;
    }

    /** The words between blanks that are not quoted, with all their quotes. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                add(words, word);
                continue;
            }
            word.append(c);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            }
        }
        add(words, word);
        return words;
    }

    private static void add(List<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /** What is meant by a word, or by several with what is between them. */
    String expand(String text) {
        StringBuilder out = new StringBuilder();
        Matcher variable = VARIABLE.matcher(text);
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == '\'' && c != quote) {
                out.append(c);
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                // Between double quotes a backslash is one, but before what has a meaning there.
                out.append(quote == '"' && "\"$\\".indexOf(next) < 0 ? "\\" : "").append(next);
            } else if (c == '$' && i + 1 < text.length() && begins(text.charAt(i + 1))) {
                if (!variable.find(i) || variable.start() != i) {
                    throw bad.apply("what begins with '" + text.substring(i) + "' is no variable");
                }
                out.append(value(variable));
                i = variable.end() - 1;
            } else {
                out.append(c);
            }
        }
        if (quote != 0) {
            throw bad.apply("the quote " + quote + " is not closed");
        }
        return out.toString();
    }

    private static boolean begins(char c) {
        return c == '{' || c == '_' || c < 128 && Character.isLetterOrDigit(c);
    }

    private String value(Matcher variable) {
        String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
        String value = values.apply(name);
        return switch (variable.group(3)) {
            case "-" -> value.isEmpty() ? expand(variable.group(4)) : value;
            case "+" -> value.isEmpty() ? "" : expand(variable.group(4));
            case null, default -> value;
        };
    }
}
