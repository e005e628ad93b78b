package dev.tinydocker.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Words as sh(1) reads them: whatever a text has in it, it stays one word, and nothing of it is executed. Names that a
 * script keeps in variables are written as these.
 */
public final class ShellWords {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private final Map<String, String> variables;
    private final Pattern names;

    /** A word as it is typed. */
    public static String typed(String word) {
        return word.isEmpty() ? "''" : quoted(word);
    }

    /** @param variables what is written otherwise, with the variable that has it in the script */
    ShellWords(Map<String, String> variables) {
        this.variables = new LinkedHashMap<>(variables);
        names = Pattern.compile(variables.keySet().stream().sorted((a, b) -> b.length() - a.length())
                .map(Pattern::quote).collect(Collectors.joining("|")));
    }

    /** The text as one word. */
    String of(Object text) {
        String whole = text.toString();
        if (whole.isEmpty()) {
            return "''";
        }
        StringBuilder word = new StringBuilder();
        Matcher name = names.matcher(whole);
        int at = 0;
        while (name.find()) {
            word.append(quoted(whole.substring(at, name.start())));
            word.append("\"$").append(variables.get(name.group())).append('"');
            at = name.end();
        }
        return word.append(quoted(whole.substring(at))).toString();
    }

    private static String quoted(String text) {
        if (text.isEmpty() || PLAIN.matcher(text).matches()) {
            return text;
        }
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
