package dev.tinydocker.shell;

import dev.tinydocker.shell.Template.Wrong;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What templates can do with values: functions of Go's text/template, and those that Docker adds. */
final class TemplateFunctions {

    static final Collection<String> NAMES = new TreeSet<>(List.of("and", "or", "not", "eq", "ne", "lt", "le", "gt",
            "ge", "index", "len", "slice", "print", "println", "printf", "json", "join", "split", "lower", "upper",
            "title", "pad", "truncate"));

    /** More than a terminal has columns; a wish for more is a mistake. */
    private static final int WIDEST = 4096;
    private static final Pattern VERB = Pattern.compile("%([-+ 0]*)([0-9]*)(\\.[0-9]+)?([a-zA-Z%]?)");

    private TemplateFunctions() {
    }

    /** @throws Wrong where it cannot take these values */
    static @Nullable Object call(String function, List<@Nullable Object> values) {
        return switch (function) {
            case "not" -> !truth(one(function, values, 0));
            case "eq" -> values.stream().skip(1).anyMatch(value -> same(one(function, values, 0), value));
            case "ne" -> !same(one(function, values, 0), one(function, values, 1));
            case "lt" -> compare(function, values) < 0;
            case "le" -> compare(function, values) <= 0;
            case "gt" -> compare(function, values) > 0;
            case "ge" -> compare(function, values) >= 0;
            case "index" -> index(values);
            case "len" -> length(one(function, values, 0));
            case "slice" -> slice(values);
            case "print" -> print(values);
            case "println" -> values.stream().map(TemplateFunctions::text).collect(Collectors.joining(" ")) + "\n";
            case "printf" -> printf(word(function, values, 0), values.subList(1, values.size()));
            case "json" -> Json.line(one(function, values, 0));
            case "join" -> list(function, values).stream().map(TemplateFunctions::text)
                    .collect(Collectors.joining(word(function, values, 1)));
            case "split" -> Arrays.asList(word(function, values, 0)
                    .split(Pattern.quote(word(function, values, 1)), -1));
            case "lower" -> word(function, values, 0).toLowerCase(Locale.ROOT);
            case "upper" -> word(function, values, 0).toUpperCase(Locale.ROOT);
            case "title" -> Pattern.compile("(?<![\\p{L}\\p{N}_])\\p{L}").matcher(word(function, values, 0))
                    .replaceAll(found -> found.group().toUpperCase(Locale.ROOT));
            case "pad" -> word(function, values, 0).isEmpty() ? "" : " ".repeat(count(function, values, 1))
                    + word(function, values, 0) + " ".repeat(count(function, values, 2));
            case "truncate" -> {
                String word = word(function, values, 0);
                yield word.substring(0, Math.min(word.length(), count(function, values, 1)));
            }
            default -> throw new Wrong("'" + function + "' is no function", "there are " + String.join(", ", NAMES));
        };
    }

    /** Nothing, 0, false and what is empty are not true. */
    static boolean truth(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean is -> is;
            case Number number -> number.doubleValue() != 0;
            case CharSequence text -> !text.isEmpty();
            case Collection<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    /** As Go prints it. */
    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "<no value>";
            case Collection<?> list -> list.stream().map(TemplateFunctions::text)
                    .collect(Collectors.joining(" ", "[", "]"));
            case Map<?, ?> map -> {
                TreeMap<String, String> sorted = new TreeMap<>();
                map.forEach((name, one) -> sorted.put(String.valueOf(name), text(one)));
                yield sorted.entrySet().stream().map(one -> one.getKey() + ":" + one.getValue())
                        .collect(Collectors.joining(" ", "map[", "]"));
            }
            default -> String.valueOf(value);
        };
    }

    private static @Nullable Object one(String function, List<@Nullable Object> values, int number) {
        if (number >= values.size()) {
            throw new Wrong("'" + function + "' needs " + (number + 1) + (number == 0 ? " value" : " values"), "");
        }
        return values.get(number);
    }

    private static String word(String function, List<@Nullable Object> values, int number) {
        return text(one(function, values, number));
    }

    private static int count(String function, List<@Nullable Object> values, int number) {
        if (one(function, values, number) instanceof Number count && count.longValue() >= 0
                && count.longValue() <= WIDEST) {
            return count.intValue();
        }
        throw new Wrong("'" + function + "' needs a number from 0 to " + WIDEST, "");
    }

    private static Collection<?> list(String function, List<@Nullable Object> values) {
        if (one(function, values, 0) instanceof Collection<?> list) {
            return list;
        }
        throw new Wrong("'" + function + "' needs a list", "");
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        return one instanceof Number a && other instanceof Number b ? a.doubleValue() == b.doubleValue()
                : Objects.equals(one, other);
    }

    private static int compare(String function, List<@Nullable Object> values) {
        Object one = one(function, values, 0);
        Object other = one(function, values, 1);
        if (one instanceof Number a && other instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        if (one instanceof String a && other instanceof String b) {
            return a.compareTo(b);
        }
        throw new Wrong("'" + function + "' compares two numbers or two words", "");
    }

    /** What is not in a map is nothing; what is not in a list is a mistake. */
    private static @Nullable Object index(List<@Nullable Object> values) {
        Object found = one("index", values, 0);
        for (Object key : values.subList(1, values.size())) {
            if (found instanceof Map<?, ?> map) {
                Object value = map.get(String.valueOf(key));
                found = value == null ? "" : value;
            } else if (found instanceof Collection<?> list && key instanceof Long number) {
                if (number < 0 || number >= list.size()) {
                    throw new Wrong("there is no number " + number + " in a list of " + list.size(), "");
                }
                found = List.copyOf(list).get(number.intValue());
            } else {
                throw new Wrong("'index' needs a list and a number, or a map and a name", "");
            }
        }
        return found;
    }

    private static long length(@Nullable Object value) {
        return switch (value) {
            case CharSequence text -> text.toString().getBytes(StandardCharsets.UTF_8).length;
            case Collection<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case null, default -> throw new Wrong("'len' needs a list, a map or a word", "");
        };
    }

    private static Object slice(List<@Nullable Object> values) {
        Object value = one("slice", values, 0);
        int size = (int) length(value instanceof String text ? List.of(text.split("")) : value);
        int from = values.size() > 1 ? count("slice", values, 1) : 0;
        int to = values.size() > 2 ? count("slice", values, 2) : size;
        if (from > to || to > size) {
            throw new Wrong("there is nothing from " + from + " to " + to + " in " + size, "");
        }
        return value instanceof String text ? text.substring(from, to)
                : List.copyOf(list("slice", values)).subList(from, to);
    }

    /** Blanks between two that are no words. */
    private static String print(List<@Nullable Object> values) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            boolean words = values.get(i) instanceof String || i > 0 && values.get(i - 1) instanceof String;
            all.append(i > 0 && !words ? " " : "").append(text(values.get(i)));
        }
        return all.toString();
    }

    private static String printf(String format, List<@Nullable Object> values) {
        StringBuilder all = new StringBuilder();
        Matcher verbs = VERB.matcher(format);
        int next = 0;
        while (verbs.find()) {
            String verb = verbs.group(4);
            if (verb.equals("%")) {
                verbs.appendReplacement(all, "%");
                continue;
            }
            String text = formatted(verb, one("printf", values, next++));
            String most = verbs.group(3);
            text = most != null && !verb.equals("d")
                    ? text.substring(0, (int) Math.min(text.length(), number(most.substring(1)))) : text;
            long width = verbs.group(2).isEmpty() ? 0 : number(verbs.group(2));
            String fill = " ".repeat((int) Math.max(0, width - text.codePointCount(0, text.length())));
            if (verb.equals("d") && verbs.group(1).contains("0") && !text.startsWith("-")) {
                fill = fill.replace(' ', '0');
            }
            text = verbs.group(1).contains("-") ? text + fill : fill + text;
            verbs.appendReplacement(all, Matcher.quoteReplacement(text));
        }
        return verbs.appendTail(all).toString();
    }

    private static long number(String digits) {
        if (digits.length() > 4 || Integer.parseInt(digits) > WIDEST) {
            throw new Wrong("'" + digits + "' is wider than " + WIDEST, "");
        }
        return Integer.parseInt(digits);
    }

    private static String formatted(String verb, @Nullable Object value) {
        return switch (verb) {
            case "s", "v", "t" -> text(value);
            case "q" -> Json.line(text(value));
            case "d" -> value instanceof Number number ? Long.toString(number.longValue()) : wrong(verb, value);
            case "x" -> value instanceof Number number ? Long.toHexString(number.longValue()) : wrong(verb, value);
            case "f" -> value instanceof Number number ? String.format(Locale.ROOT, "%f",
                    number.doubleValue()) : wrong(verb, value);
            default -> wrong(verb, value);
        };
    }

    private static String wrong(String verb, @Nullable Object value) {
        throw new Wrong("'%" + verb + "' of printf cannot take '" + text(value) + "'",
                "there are %s, %v, %q, %d, %x, %f and %t");
    }
}
