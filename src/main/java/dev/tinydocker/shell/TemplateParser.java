package dev.tinydocker.shell;

import dev.tinydocker.shell.Template.Wrong;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads the text of a template: what is between braces, and what is not. */
final class TemplateParser {

    private static final int DEEPEST = 50;

    private final String text;
    private final List<String> paths = new ArrayList<>();
    private int position;
    private int depth;
    /** In how many places that have a {@code .} of their own. */
    private int inside;
    private boolean trims;

    TemplateParser(String text) {
        this.text = text;
    }

    /** The fields of what the template is filled with that it uses, as in {@code Config.Env}. */
    List<String> paths() {
        return paths;
    }

    TemplateNode.Body parse() {
        List<TemplateNode> nodes = new ArrayList<>();
        TemplateWords end = body(nodes);
        if (end != null) {
            throw new Wrong("'{{" + end.text() + "}}' ends nothing", "");
        }
        return new TemplateNode.Body(nodes);
    }

    /** Reads on; returns the {@code end} or {@code else} that it ends with, null at the end of all. */
    private @Nullable TemplateWords body(List<TemplateNode> nodes) {
        if (++depth > DEEPEST) {
            throw new Wrong("it is nested too deep", "");
        }
        for (;;) {
            TemplateWords words = next(nodes);
            if (words == null || words.is("end") || words.is("else")) {
                depth--;
                return words;
            }
            nodes.add(action(words));
        }
    }

    /** Takes the text before the next braces, and what is within these. */
    private @Nullable TemplateWords next(List<TemplateNode> nodes) {
        for (;;) {
            int open = text.indexOf("{{", position);
            String plain = text.substring(position, open < 0 ? text.length() : open);
            plain = trims ? plain.stripLeading() : plain;
            boolean before = open >= 0 && text.startsWith("- ", open + 2);
            plain = before ? plain.stripTrailing() : plain;
            if (!plain.isEmpty()) {
                nodes.add(new TemplateNode.Text(plain.replace("\\t", "\t").replace("\\n", "\n")));
            }
            if (open < 0) {
                position = text.length();
                return null;
            }
            int close = closing(open + 2);
            trims = text.startsWith(" -", close - 2) && close - 2 >= open + 2;
            String within = text.substring(open + (before ? 3 : 2), trims ? close - 2 : close).strip();
            position = close + 2;
            if (!(within.startsWith("/*") && within.endsWith("*/"))) {
                return new TemplateWords(within);
            }
        }
    }

    private int closing(int from) {
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote != '`') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '`') {
                quote = c;
            } else if (text.startsWith("}}", i)) {
                return i;
            }
        }
        throw new Wrong("'{{' is not closed", "write {{.Name}}, or {{json .}} for all of them");
    }

    private TemplateNode action(TemplateWords words) {
        String first = words.word();
        return switch (first) {
            case "if", "with", "range" -> {
                words.skip();
                yield block(first, words);
            }
            case "define", "template", "block", "break", "continue" ->
                throw new Wrong("'" + first + "' is not known here", "there are if, else, range, with and end");
            default -> {
                TemplateWords.Names names = words.names();
                TemplateValue value = pipeline(words);
                if (names == null) {
                    yield new TemplateNode.Print(value);
                }
                yield new TemplateNode.Let(names.last(), value, names.declares());
            }
        };
    }

    private TemplateNode block(String kind, TemplateWords words) {
        TemplateWords.Names names = words.names();
        TemplateValue value = pipeline(words);
        List<TemplateNode> then = new ArrayList<>();
        boolean own = !kind.equals("if");
        inside += own ? 1 : 0;
        TemplateWords end = body(then);
        inside -= own ? 1 : 0;
        List<TemplateNode> otherwise = new ArrayList<>();
        if (end != null && end.is("else")) {
            end.skip();
            if (end.isEmpty()) {
                end = body(otherwise);
            } else if (end.is("if") || end.is("with")) {
                // {{else if}} has the {{end}} of the whole.
                String inner = end.word();
                end.skip();
                otherwise.add(block(inner, end));
                return made(kind, names, value, then, otherwise);
            } else {
                throw new Wrong("'{{" + end.text() + "}}' is no else", "write {{else}} or {{else if …}}");
            }
        }
        if (end == null || !end.is("end")) {
            throw new Wrong("'{{" + kind + " …}}' has no {{end}}", "add one");
        }
        return made(kind, names, value, then, otherwise);
    }

    private static TemplateNode made(String kind, TemplateWords.@Nullable Names names, TemplateValue value,
            List<TemplateNode> then, List<TemplateNode> otherwise) {
        TemplateNode.Body one = new TemplateNode.Body(then);
        TemplateNode.Body other = new TemplateNode.Body(otherwise);
        return switch (kind) {
            case "if" -> new TemplateNode.If(value, one, other);
            case "with" -> new TemplateNode.With(names == null ? "" : names.last(), value, one, other);
            default -> new TemplateNode.Range(names == null ? "" : names.first(), names == null ? "" : names.last(),
                    value, one, other);
        };
    }

    private TemplateValue pipeline(TemplateWords words) {
        TemplateValue value = whole(words, null);
        while (words.takes("|")) {
            value = whole(words, value);
        }
        if (!words.isEmpty()) {
            throw words.unexpected();
        }
        return value;
    }

    /** One command of a pipeline. @param last what comes through the pipe */
    private TemplateValue whole(TemplateWords words, @Nullable TemplateValue last) {
        String word = words.word();
        if (TemplateFunctions.NAMES.contains(word)) {
            words.skip();
            List<TemplateValue> values = new ArrayList<>();
            while (!words.isEmpty() && !words.is("|") && !words.is(")")) {
                values.add(operand(words));
            }
            if (last != null) {
                values.add(last);
            }
            return new TemplateValue.Call(word, values);
        }
        if (last != null) {
            throw new Wrong("'" + word + "' is no function", "there are " + String.join(", ",
                    TemplateFunctions.NAMES));
        }
        return operand(words);
    }

    private TemplateValue operand(TemplateWords words) {
        TemplateValue value;
        boolean root;
        boolean fields = words.isFields();
        if (words.takes("(")) {
            if (++depth > DEEPEST) {
                throw new Wrong("it is nested too deep", "");
            }
            value = whole(words, null);
            while (words.takes("|")) {
                value = whole(words, value);
            }
            if (!words.takes(")")) {
                throw new Wrong("'(' is not closed", "");
            }
            depth--;
            root = false;
        } else if (fields) {
            value = new TemplateValue.Dot();
            root = inside == 0;
        } else if (words.is(".")) {
            words.skip();
            return new TemplateValue.Dot();
        } else {
            String word = words.word();
            value = words.literal();
            root = word.equals("$");
        }
        List<String> names = words.fields(fields);
        if (root && !names.isEmpty()) {
            paths.add(String.join(".", names));
        }
        for (String name : names) {
            value = new TemplateValue.Field(value, name);
        }
        return value;
    }
}
