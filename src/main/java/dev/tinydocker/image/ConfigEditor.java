package dev.tinydocker.image;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration of an image that is made from another one: what nobody changed stays, known here or not. */
final class ConfigEditor {

    private static final TypeReference<LinkedHashMap<String, Object>> DOCUMENT = new TypeReference<>() {
    };
    /** What builders of old noted of the image itself; it is not true of the next one. */
    private static final List<String> OF_THE_BASE = List.of("id", "parent", "container", "container_config",
            "docker_version", "throwaway");

    private final Map<String, Object> document;
    private final Map<String, Object> config;

    private ConfigEditor(Map<String, Object> document) {
        this.document = document;
        this.config = copy(document.get("config"));
        OF_THE_BASE.forEach(document::remove);
    }

    /** @param base a configuration that {@link ImageConfig} could read; null for an image that is made from none */
    static ConfigEditor of(byte @Nullable [] base) {
        if (base != null) {
            return new ConfigEditor(Manifest.JSON.readValue(base, DOCUMENT));
        }
        Platform host = Platform.host();
        return new ConfigEditor(Saver.ordered("architecture", host.architecture(), "os", host.os()));
    }

    /** The configuration of a container's image; {@code diffIds} are all its layers, the lowest first. */
    byte[] commit(Snapshot snapshot, Snapshot.Words words, List<String> diffIds) {
        String now = Instant.now().toString();
        set("Entrypoint", snapshot.entrypoint());
        set("Cmd", snapshot.command());
        set("Env", snapshot.environment());
        set("User", snapshot.user() == null ? "" : snapshot.user());
        set("WorkingDir", snapshot.workingDirectory() == null ? "" : snapshot.workingDirectory());
        set("Labels", snapshot.labels());
        Map<String, Object> ports = copy(config.get("ExposedPorts"));
        snapshot.exposed().forEach(port -> ports.put(port, Map.of()));
        set("ExposedPorts", ports);
        set("StopSignal", snapshot.stopSignal() == null ? "" : snapshot.stopSignal());
        set("Healthcheck", health(snapshot.health()));
        change(words.changes().config(snapshot.environment()));
        List<Object> history = history(diffIds.size() - (snapshot.layer() == null ? 0 : 1));
        Map<String, Object> step = Saver.ordered("created", now, "created_by", String.join(" ", snapshot.command()));
        document.put("created", now);
        document.remove("author");
        if (!words.author().isEmpty()) {
            document.put("author", words.author());
            step.put("author", words.author());
        }
        if (!words.message().isEmpty()) {
            step.put("comment", words.message());
        }
        if (snapshot.layer() == null) {
            step.put("empty_layer", true);
        }
        history.add(step);
        document.put("config", config);
        document.put("rootfs", Saver.ordered("type", "layers", "diff_ids", diffIds));
        document.put("history", history);
        return Manifest.JSON.writeValueAsBytes(document);
    }

    private Map<String, Object> health(ImageConfig.@Nullable Healthcheck check) {
        if (check == null) {
            return config.containsKey("Healthcheck") ? Map.of("Test", List.of("NONE")) : Map.of();
        }
        Map<String, Object> map = Saver.ordered("Test", check.test() == null ? List.of() : check.test(), "Interval",
                check.interval(), "Timeout", check.timeout(), "StartPeriod", check.startPeriod(), "StartInterval",
                check.startInterval(), "Retries", check.retries());
        map.values().removeIf(value -> value instanceof Number number && number.longValue() == 0);
        return map;
    }

    private void set(String key, Object value) {
        boolean nothing = value.equals("") || value.equals(List.of()) || value.equals(Map.of());
        if (nothing) {
            config.remove(key);
        } else {
            config.put(key, value);
        }
    }

    /** A new entrypoint takes the command away, which was meant for the old one. */
    private void change(Map<String, Object> changes) {
        if (changes.containsKey("Entrypoint")) {
            config.remove("Cmd");
        }
        changes.forEach((key, value) -> {
            switch (key) {
                case "Env" -> environment((List<?>) value);
                case "OnBuild" -> {
                    List<Object> all = list(key);
                    all.addAll((List<?>) value);
                    config.put(key, all);
                }
                case "Labels", "ExposedPorts", "Volumes" -> {
                    Map<String, Object> all = copy(config.get(key));
                    all.putAll(copy(value));
                    config.put(key, all);
                }
                case "WorkingDir" -> config.put(key, Path.of("/", String.valueOf(config.getOrDefault(key, "")))
                        .resolve((String) value).normalize().toString());
                default -> config.put(key, value);
            }
        });
    }

    private List<Object> list(String key) {
        return config.get(key) instanceof List<?> list ? new ArrayList<>(list) : new ArrayList<>();
    }

    private void environment(List<?> changes) {
        List<Object> all = list("Env");
        for (Object change : changes) {
            String line = (String) change;
            String name = line.substring(0, line.indexOf('=') + 1);
            all.removeIf(old -> old instanceof String text && text.startsWith(name));
            all.add(line);
        }
        config.put("Env", all);
    }

    /**
     * The steps so far; layers that nothing is said of have one each, so that the next step is not taken for theirs.
     */
    private List<Object> history(int layers) {
        List<Object> steps = document.get("history") instanceof List<?> list ? new ArrayList<>(list)
                : new ArrayList<>();
        long said = steps.stream().filter(step -> !(step instanceof Map<?, ?> map
                && Boolean.TRUE.equals(map.get("empty_layer")))).count();
        for (; said < layers; said++) {
            steps.add(new LinkedHashMap<>());
        }
        return steps;
    }

    private static Map<String, Object> copy(@Nullable Object map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (map instanceof Map<?, ?> known) {
            known.forEach((key, value) -> copy.put((String) key, value));
        }
        return copy;
    }
}
