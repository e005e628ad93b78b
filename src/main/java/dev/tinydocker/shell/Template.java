package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code --format} with {@code {{.Field}}}, {@code {{.Field.Field}}} and {@code {{json .Field}}} in it; no more than
 * that of Go's templates. {@code \t} and {@code \n} are what they say.
 */
final class Template {

    private static final Pattern PLACE = Pattern.compile("\\{\\{(.*?)}}");
    private static final Pattern FIELD = Pattern.compile("\\s*(json\\s+)?\\.((?:\\w+(?:\\.\\w+)*)?)\\s*");

    private final String text;

    private Template(String text) {
        this.text = text;
    }

    /** @throws InvalidRequest where it has places that are no fields */
    static Template of(String text) {
        PLACE.matcher(text).results().forEach(place -> {
            if (!FIELD.matcher(place.group(1)).matches()) {
                throw new InvalidRequest("use the format '" + text + "'", "'" + place.group() + "' names no field",
                        "write {{.Name}}, or {{json .}} for all of them");
            }
        });
        return new Template(text.replace("\\t", "\t").replace("\\n", "\n"));
    }

    /** @throws InvalidRequest where a field is none of these */
    Template check(Collection<String> fields) {
        fill((_, path) -> {
            if (!path.isEmpty() && !fields.contains(path)) {
                throw unknown(path, fields);
            }
            return "";
        });
        return this;
    }

    /** @throws InvalidRequest where a field has no value */
    String fill(Map<String, ?> values) {
        return fill((json, path) -> {
            Object value = path.isEmpty() ? values : value(values, path);
            return json || value instanceof Map || value instanceof Collection ? Json.line(value)
                    : String.valueOf(value);
        });
    }

    private @Nullable Object value(Map<String, ?> values, String path) {
        Object value = values;
        for (String name : path.split("\\.")) {
            if (!(value instanceof Map<?, ?> map) || !map.containsKey(name)) {
                throw unknown(path, values.keySet());
            }
            value = map.get(name);
        }
        return value;
    }

    /** The cells of a table's row: tabs are between them. */
    List<String> cells(Map<String, ?> values) {
        return List.of(fill(values).split("\t", -1));
    }

    /** The headings of these cells. {@code CreatedAt} is headed CREATED AT. */
    List<String> headings() {
        String headings = fill((_, path) -> path.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toUpperCase(Locale.ROOT));
        return List.of(headings.split("\t", -1));
    }

    private InvalidRequest unknown(String path, Collection<String> fields) {
        return new InvalidRequest("use the format '" + text + "'", "there is no field '." + path + "'",
                "there are ." + String.join(", .", fields));
    }

    private interface Filler {
        String fill(boolean json, String path);
    }

    private String fill(Filler filler) {
        Function<String, String> place = inner -> {
            Matcher field = FIELD.matcher(inner);
            return field.matches() ? filler.fill(field.group(1) != null, field.group(2)) : "";
        };
        return PLACE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(place.apply(found.group(1))));
    }
}
