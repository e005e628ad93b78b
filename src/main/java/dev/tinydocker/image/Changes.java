package dev.tinydocker.image;

import dev.tinydocker.problem.InvalidRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code --change} says, in the words of a Dockerfile, as an image's configuration has it. */
public final class Changes {

    private static final TypeReference<List<String>> WORDS = new TypeReference<>() {
    };

    private final Map<String, Object> config = new LinkedHashMap<>();

    private Changes() {
    }

    /**
     * Reads instructions: {@code CMD}, {@code ENTRYPOINT}, {@code ENV}, {@code EXPOSE}, {@code
     * HEALTHCHECK}, {@code LABEL}, {@code ONBUILD}, {@code STOPSIGNAL}, {@code USER}, {@code VOLUME}, {@code WORKDIR}.
     *
     * @throws InvalidRequest on another one, and on one that cannot be understood
     */
    public static Changes of(List<String> lines) {
        Changes changes = new Changes();
        lines.forEach(changes::add);
        return changes;
    }

    Map<String, Object> config() {
        return config;
    }

    private void add(String line) {
        String[] parts = line.strip().split("\\s+", 2);
        if (parts.length < 2) {
            throw bad(line, "it has no value");
        }
        String value = parts[1];
        switch (parts[0].toUpperCase(Locale.ROOT)) {
            case "CMD" -> config.put("Cmd", command(line, value));
            case "ENTRYPOINT" -> config.put("Entrypoint", command(line, value));
            case "USER" -> config.put("User", value);
            case "WORKDIR" -> config.put("WorkingDir", value);
            case "HEALTHCHECK" -> config.put("Healthcheck", HealthInstruction.parse(value, text -> words(line, text),
                    why -> bad(line, why)));
            case "ONBUILD" -> list("OnBuild").add(value);
            case "STOPSIGNAL" -> config.put("StopSignal", value);
            case "ENV" -> environment(value);
            case "LABEL" -> pairs(value).forEach((key, label) -> map("Labels").put(key, label));
            case "EXPOSE" -> List.of(value.split("\\s+")).forEach(port ->
                    map("ExposedPorts").put(port.contains("/") ? port : port + "/tcp", Map.of()));
            case "VOLUME" -> (value.startsWith("[") ? words(line, value) : List.of(value.split("\\s+")))
                    .forEach(path -> map("Volumes").put(path, Map.of()));
            default -> throw bad(line, "'" + parts[0] + "' cannot be changed");
        }
    }

    private static List<String> command(String line, String value) {
        return value.startsWith("[") ? words(line, value) : List.of("/bin/sh", "-c", value);
    }

    private static List<String> words(String line, String value) {
        try {
            return Manifest.JSON.readValue(value, WORDS);
        } catch (JacksonException e) {
            throw bad(line, "'" + value + "' is no JSON array of strings");
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> map(String key) {
        return (Map<String, Object>) config.computeIfAbsent(key, _ -> new LinkedHashMap<String, Object>());
    }

    @SuppressWarnings("unchecked")
    private List<String> list(String key) {
        return (List<String>) config.computeIfAbsent(key, _ -> new ArrayList<String>());
    }

    private void environment(String value) {
        List<String> environment = list("Env");
        pairs(value).forEach((name, text) -> {
            environment.removeIf(old -> old.startsWith(name + "="));
            environment.add(name + "=" + text);
        });
    }

    /** {@code KEY=VALUE …}, or the old {@code KEY VALUE}. */
    private static Map<String, String> pairs(String value) {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (!value.split("\\s+", 2)[0].contains("=")) {
            String[] parts = value.split("\\s+", 2);
            pairs.put(parts[0], parts.length == 2 ? parts[1] : "");
            return pairs;
        }
        Matcher pair = Pattern
                .compile("([^=\\s]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S*))").matcher(value);
        while (pair.find()) {
            pairs.put(pair.group(1), pair.group(2) == null ? pair.group(3) : pair.group(2).replaceAll("\\\\(.)", "$1"));
        }
        return pairs;
    }

    private static InvalidRequest bad(String line, String why) {
        return new InvalidRequest("use the change '" + line + "'", why,
                "there are CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME and WORKDIR");
    }
}
