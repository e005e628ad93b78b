package dev.tinydocker.volume;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of one {@code --mount}: KEY=VALUE or KEY, parted by commas, quoted as in CSV. */
final class MountFields {

    private static final Map<String, String> SAME = Map.of("src", "source", "destination", "target", "dst", "target",
            "ro", "readonly");

    private final MountParser.Asked asked;
    private final Map<String, String> fields = new LinkedHashMap<>();

    MountFields(MountParser.Asked asked, String word) {
        this.asked = asked;
        for (String field : split(asked, word)) {
            int equals = field.indexOf('=');
            String key = equals < 0 ? field : field.substring(0, equals);
            // A flag may stand alone.
            fields.put(SAME.getOrDefault(key, key), equals < 0 ? "true" : field.substring(equals + 1));
        }
    }

    void allow(String... keys) {
        for (String key : fields.keySet()) {
            if (!Arrays.asList(keys).contains(key)) {
                throw asked.invalid("there is no field '" + key + "' in this type", "there are "
                        + String.join(", ", keys));
            }
        }
    }

    String text(String key, String otherwise) {
        return fields.getOrDefault(key, otherwise);
    }

    String required(String key) {
        String value = fields.getOrDefault(key, "");
        if (value.isEmpty()) {
            throw asked.invalid("it has no " + key, "add " + key + "=PATH");
        }
        return value;
    }

    boolean flag(String key) {
        return switch (fields.getOrDefault(key, "false")) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            case String other -> throw asked.invalid("'" + other + "' is neither true nor false", "give " + key
                    + " alone");
        };
    }

    static List<String> split(MountParser.Asked asked, String word) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < word.length() && word.charAt(i + 1) == '"') {
                    part.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        if (quoted) {
            throw asked.invalid("a double quote is not closed", "close it");
        }
        parts.add(part.toString());
        return parts;
    }
}
