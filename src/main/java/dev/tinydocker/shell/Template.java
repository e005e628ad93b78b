package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code --format} with {@code {{.Field}}} in it; no more than that of Go's templates. {@code \t} and {@code \n} are what they say. */
final class Template {

    private static final Pattern PLACE = Pattern.compile("\\{\\{(.*?)}}");
    private static final Pattern FIELD = Pattern.compile("\\s*\\.(\\w+)\\s*");

    private final String text;

    private Template(String text) {
        this.text = text;
    }

    /**
     * @param fields the names it may use
     * @throws InvalidRequest where it uses another one
     */
    static Template of(String text, Collection<String> fields) {
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            Matcher field = FIELD.matcher(place.group(1));
            if (!field.matches() || !fields.contains(field.group(1))) {
                throw new InvalidRequest("use the format '" + text + "'", "there is no field '" + place.group(1) + "'",
                        "there are ." + String.join(", .", fields));
            }
        }
        return new Template(text.replace("\\t", "\t").replace("\\n", "\n"));
    }

    String fill(Map<String, String> values) {
        return fill(field -> values.getOrDefault(field, ""));
    }

    /** The cells of a table's row: tabs are between them. */
    List<String> cells(Map<String, String> values) {
        return List.of(fill(values).split("\t", -1));
    }

    /** The headings of these cells. */
    List<String> headings() {
        List<String> headings = new ArrayList<>();
        for (String cell : fill(Template::heading).split("\t", -1)) {
            headings.add(cell);
        }
        return headings;
    }

    /** {@code CreatedAt} is headed CREATED AT. */
    private static String heading(String field) {
        return field.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toUpperCase(Locale.ROOT);
    }

    private String fill(UnaryOperator<String> values) {
        return PLACE.matcher(text).replaceAll(place -> {
            Matcher field = FIELD.matcher(place.group(1));
            return field.matches() ? Matcher.quoteReplacement(values.apply(field.group(1))) : "";
        });
    }
}
