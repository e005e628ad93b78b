package dev.tinydocker.shell;

import dev.tinydocker.shell.Template.Wrong;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words between a template's braces, taken one after the other. */
final class TemplateWords {

    private static final Pattern WORD = Pattern.compile("\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|\\$\\w*|\\.\\w+|\\."
            + "|[A-Za-z_]\\w*|-?[0-9]+(?:\\.[0-9]+)?|:=|[=|(),])");

    private final String text;
    private final List<String> words = new ArrayList<>();
    /** Whether a word begins right behind the one before. */
    private final List<Boolean> joined = new ArrayList<>();
    private int next;

    TemplateWords(String text) {
        this.text = text;
        Matcher matcher = WORD.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new Wrong("'{{" + text + "}}' names no field",
                        "write {{.Name}}, or {{json .}} for all of them");
            }
            words.add(matcher.group(1));
            joined.add(matcher.start(1) == matcher.start());
            at = matcher.end();
        }
        if (words.isEmpty()) {
            throw new Wrong("'{{" + text + "}}' names no field", "write {{.Name}}, or {{json .}} for all of them");
        }
    }

    /** The names before {@code :=} or {@code =}; first is empty where there is one only. */
    record Names(String first, String last, boolean declares) {
    }

    String text() {
        return text;
    }

    boolean isEmpty() {
        return next >= words.size();
    }

    /** The next word; nothing where there is none. */
    String word() {
        return isEmpty() ? "" : words.get(next);
    }

    boolean is(String word) {
        return word().equals(word);
    }

    void skip() {
        next++;
    }

    boolean takes(String word) {
        boolean is = is(word);
        next += is ? 1 : 0;
        return is;
    }

    Wrong unexpected() {
        return new Wrong("'" + word() + "' in '{{" + text + "}}' is not expected there", "");
    }

    @Nullable Names names() {
        int at = next;
        List<String> names = new ArrayList<>();
        while (word().startsWith("$")) {
            names.add(word());
            skip();
            if (!takes(",")) {
                break;
            }
        }
        boolean declares = is(":=");
        if (names.isEmpty() || names.size() > 2 || !declares && !is("=")) {
            next = at;
            return null;
        }
        skip();
        return new Names(names.size() == 2 ? names.getFirst() : "", names.getLast(), declares);
    }

    boolean isFields() {
        return word().length() > 1 && word().charAt(0) == '.';
    }

    /** As many {@code .NAME} as follow one another without a blank. @param first whether the first may follow one */
    List<String> fields(boolean first) {
        List<String> names = new ArrayList<>();
        while (isFields() && (joined.get(next) || first && names.isEmpty())) {
            names.add(word().substring(1));
            skip();
        }
        return names;
    }

    TemplateValue literal() {
        String word = word();
        if (word.isEmpty() || "|(),=:=".contains(word)) {
            throw isEmpty() ? new Wrong("'{{" + text + "}}' ends early", "") : unexpected();
        }
        skip();
        return switch (word.charAt(0)) {
            case '$' -> new TemplateValue.Variable(word);
            case '`' -> new TemplateValue.Literal(word.substring(1, word.length() - 1));
            case '"' -> new TemplateValue.Literal(quoted(word));
            default -> other(word);
        };
    }

    private static TemplateValue other(String word) {
        if (word.matches("-?[0-9]{1,18}")) {
            return new TemplateValue.Literal(Long.parseLong(word));
        }
        if (word.matches("-?[0-9].*")) {
            return new TemplateValue.Literal(Double.parseDouble(word));
        }
        return switch (word) {
            case "true" -> new TemplateValue.Literal(true);
            case "false" -> new TemplateValue.Literal(false);
            case "nil" -> new TemplateValue.Literal(null);
            case String name when TemplateFunctions.NAMES.contains(name) ->
                new TemplateValue.Call(name, List.of());
            default -> throw new Wrong("'" + word + "' is no function", "there are " + String.join(", ",
                    TemplateFunctions.NAMES));
        };
    }

    private static String quoted(String word) {
        StringBuilder plain = new StringBuilder();
        for (int i = 1; i < word.length() - 1; i++) {
            char c = word.charAt(i);
            if (c == '\\') {
                c = word.charAt(++i);
                c = switch (c) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    case '"', '\\' -> c;
                    default -> throw new Wrong("'\\" + c + "' in " + word + " means nothing", "");
                };
            }
            plain.append(c);
        }
        return plain.toString();
    }
}
