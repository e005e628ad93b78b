package dev.tinydocker.shell;

import dev.tinydocker.image.Image;
import dev.tinydocker.image.ImageConfig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static dev.tinydocker.shell.Json.ordered;

/** All that is known of an image, under the names that Docker has for it. */
final class ImageInspection {

    private ImageInspection() {
    }

    static Map<String, Object> of(Image image) {
        ImageConfig config = image.config();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("Id", image.id());
        all.put("RepoTags", image.tags());
        all.put("RepoDigests", image.digests());
        all.put("Parent", "");
        all.put("Comment", config.history().isEmpty() || config.history().getLast().comment() == null ? ""
                : config.history().getLast().comment());
        all.put("Created", config.created().toString());
        all.put("Author", config.author());
        all.put("Config", config(config));
        all.put("Architecture", config.platform().architecture());
        if (!config.platform().variant().isEmpty()) {
            all.put("Variant", config.platform().variant());
        }
        all.put("Os", config.platform().os());
        all.put("Size", image.bytes());
        all.put("GraphDriver", Map.of("Name", "overlay", "Data", Map.of("LowerDir", String.join(":",
                image.layers().stream().map(Object::toString).toList()))));
        all.put("RootFS", ordered("Type", "layers", "Layers", config.diffIds()));
        all.put("Descriptor", Map.of("digest", image.manifest()));
        return all;
    }

    private static Map<String, Object> config(ImageConfig config) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("User", config.user());
        all.put("ExposedPorts", keys(config.exposedPorts()));
        all.put("Env", config.environment());
        all.put("Cmd", config.command());
        all.put("Volumes", keys(config.volumes()));
        all.put("WorkingDir", config.workingDirectory());
        all.put("Entrypoint", config.entrypoint());
        all.put("Labels", new TreeMap<>(config.labels()));
        if (config.stopSignal() != null) {
            all.put("StopSignal", config.stopSignal());
        }
        ImageConfig.Healthcheck health = config.healthcheck();
        if (health != null) {
            all.put("Healthcheck", ordered("Test", health.test() == null ? List.of() : health.test(), "Interval",
                    health.interval(), "Timeout", health.timeout(), "StartPeriod", health.startPeriod(), "Retries",
                    health.retries()));
        }
        return all;
    }

    private static Map<String, Object> keys(List<String> names) {
        Map<String, Object> map = new LinkedHashMap<>();
        names.forEach(name -> map.put(name, Map.of()));
        return map;
    }
}
