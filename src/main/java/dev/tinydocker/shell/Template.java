package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code --format}: Go's templates, as far as formats of Docker's use them: fields, pipelines, variables, {@code if},
 * {@code range}, {@code with}, and the functions of {@link TemplateFunctions}. {@code \t} and {@code \n} outside of
 * braces are what they say.
 */
final class Template {

    private final String text;
    private final TemplateNode.Body body;
    private final List<String> paths;

    private Template(String text, TemplateNode.Body body, List<String> paths) {
        this.text = text;
        this.body = body;
        this.paths = paths;
    }

    /** What is wrong with a template, or with what it is filled with. */
    static final class Wrong extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String hint;

        Wrong(String why, String hint) {
            super(why);
            this.hint = hint;
        }
    }

    /**
     * What is in sight at one place of a template.
     *
     * @param dot what {@code .} stands for
     * @param variables by their names; each in an array of its own, so that an inner place can change an outer one's
     * @param headings whether the headings of a table are made, which no function changes
     */
    record Scope(@Nullable Object dot, Map<String, @Nullable Object[]> variables, boolean headings) {

        static Scope of(Object root, boolean headings) {
            Map<String, @Nullable Object[]> variables = new HashMap<>();
            variables.put("$", new @Nullable Object[] { root });
            return new Scope(root, variables, headings);
        }

        Scope inner(@Nullable Object inside) {
            return new Scope(inside, new HashMap<>(variables), headings);
        }
    }

    /** The headings of a table, by the names of its fields; one that has none is made of its field's name. */
    record Headings(Map<String, String> known) {

        /** {@code CreatedAt} is headed CREATED AT. */
        String of(String field) {
            String heading = known.get(field);
            return heading != null ? heading
                    : field.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toUpperCase(Locale.ROOT);
        }
    }

    /** @throws InvalidRequest where it is none */
    static Template of(String text) {
        try {
            TemplateParser parser = new TemplateParser(text);
            return new Template(text, parser.parse(), parser.paths());
        } catch (Wrong e) {
            throw invalid(text, e);
        }
    }

    /** @throws InvalidRequest where a field is none of these */
    Template check(Collection<String> fields) {
        for (String path : paths) {
            if (!fields.contains(path)) {
                throw invalid(text, unknown(path, fields));
            }
        }
        return this;
    }

    /** @throws InvalidRequest where a field has no value, or a function cannot take what it is given */
    String fill(Map<String, ?> values) {
        return fill(Scope.of(values, false));
    }

    /** The cells of a table's row: tabs are between them. */
    List<String> cells(Map<String, ?> values) {
        return List.of(fill(values).split("\t", -1));
    }

    /** The headings of these cells. */
    List<String> headings(Map<String, String> known) {
        return List.of(fill(Scope.of(new Headings(known), true)).split("\t", -1));
    }

    private String fill(Scope scope) {
        StringBuilder out = new StringBuilder();
        try {
            body.write(scope, out);
        } catch (Wrong e) {
            throw invalid(text, e);
        }
        return out.toString();
    }

    static Wrong unknown(String path, Collection<String> fields) {
        return new Wrong("there is no field '." + path + "'", fields.isEmpty() ? "" : "there are ."
                + String.join(", .", fields));
    }

    private static InvalidRequest invalid(String text, Wrong wrong) {
        return new InvalidRequest("use the format '" + text + "'", String.valueOf(wrong.getMessage()), wrong.hint,
                wrong);
    }
}
