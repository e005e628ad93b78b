package dev.tinydocker.image;

import dev.tinydocker.linux.Signal;
import dev.tinydocker.problem.InvalidRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Instructions of a Dockerfile, one after the other, as an image's configuration has them. Variables are replaced where
 * Docker's builder does it: commands and checks keep theirs for the shell that executes them.
 */
final class Instructions {

    private static final TypeReference<List<String>> WORDS = new TypeReference<>() {
    };
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?(?:/(tcp|udp|sctp))?");
    private static final int LAST_PORT = 65535;

    private final Map<String, Object> config = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final UnaryOperator<String> before;

    /** @param before what a variable stands for that no instruction has set; empty for nothing */
    Instructions(UnaryOperator<String> before) {
        this.before = before;
    }

    Map<String, Object> config() {
        return config;
    }

    /** @throws InvalidRequest on an instruction that is none of an image's configuration, or cannot be understood */
    void add(String line) {
        String[] parts = line.strip().split("\\s+", 2);
        if (parts.length < 2) {
            throw bad(line, "it has no value");
        }
        String value = parts[1];
        Map<String, String> known = Map.copyOf(environment);
        VariableExpansion variables = new VariableExpansion(name -> known.containsKey(name) ? known.get(name)
                : before.apply(name), why -> bad(line, why));
        switch (parts[0].toUpperCase(Locale.ROOT)) {
            case "CMD" -> config.put("Cmd", command(line, value));
            case "ENTRYPOINT" -> config.put("Entrypoint", command(line, value));
            case "USER" -> config.put("User", variables.expand(value));
            case "WORKDIR" -> config.put("WorkingDir", Path.of(String.valueOf(config.getOrDefault("WorkingDir", "")))
                    .resolve(variables.expand(value)).toString());
            case "HEALTHCHECK" -> config.put("Healthcheck", HealthInstruction.parse(value, text -> words(line, text),
                    why -> bad(line, why)));
            case "ONBUILD" -> list("OnBuild").add(value);
            case "STOPSIGNAL" -> config.put("StopSignal", signal(line, variables.expand(value)));
            case "ENV" -> pairs(line, value, variables).forEach(this::variable);
            case "LABEL" -> pairs(line, value, variables).forEach((key, label) -> map("Labels").put(key, label));
            case "EXPOSE" -> VariableExpansion.words(value).forEach(word -> expose(line, variables.expand(word)));
            case "VOLUME" -> (value.startsWith("[") ? words(line, value) : VariableExpansion.words(value))
                    .forEach(path -> map("Volumes").put(variables.expand(path), Map.of()));
            default -> throw bad(line, "'" + parts[0] + "' cannot be changed");
        }
    }

    private static String signal(String line, String word) {
        try {
            Signal.parse(word);
            return word;
        } catch (InvalidRequest e) {
            throw bad(line, "'" + word + "' is no signal");
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

    private void variable(String name, String value) {
        environment.put(name, value);
        List<String> all = list("Env");
        all.removeIf(old -> old.startsWith(name + "="));
        all.add(name + "=" + value);
    }

    /** A port, or a range of them, each of which is one. */
    private void expose(String line, String word) {
        Matcher ports = PORTS.matcher(word.toLowerCase(Locale.ROOT));
        if (!ports.matches()) {
            throw bad(line, "'" + word + "' is no port; write as in 80, 53/udp or 8000-8010/tcp");
        }
        int first = Integer.parseInt(ports.group(1));
        int last = ports.group(2) == null ? first : Integer.parseInt(ports.group(2));
        if (first > last || last > LAST_PORT) {
            throw bad(line, "'" + word + "' is no range of ports up to " + LAST_PORT);
        }
        String protocol = ports.group(3) == null ? "tcp" : ports.group(3);
        for (int port = first; port <= last; port++) {
            map("ExposedPorts").put(port + "/" + protocol, Map.of());
        }
    }

    /** {@code KEY=VALUE …}, or the old {@code KEY VALUE}. */
    private static Map<String, String> pairs(String line, String value, VariableExpansion variables) {
        List<String> words = VariableExpansion.words(value);
        Map<String, String> pairs = new LinkedHashMap<>();
        if (!words.getFirst().contains("=")) {
            if (words.size() == 1) {
                throw bad(line, "'" + value + "' has no value; write " + value + "=VALUE");
            }
            String key = words.getFirst();
            pairs.put(variables.expand(key), variables.expand(value.strip().substring(key.length()).strip()));
            return pairs;
        }
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                throw bad(line, "'" + word + "' is not KEY=VALUE; a value with blanks is to be quoted");
            }
            pairs.put(variables.expand(word.substring(0, equals)), variables.expand(word.substring(equals + 1)));
        }
        return pairs;
    }

    private static InvalidRequest bad(String line, String why) {
        return new InvalidRequest("use the change '" + line + "'", why,
                "there are CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME and WORKDIR");
    }
}
