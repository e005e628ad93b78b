package dev.tinydocker.shell;

import dev.tinydocker.volume.NamedVolumes;
import dev.tinydocker.volume.Volume;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is told of one volume, under the names that Docker has for it. */
final class VolumeRow {

    /** What a template of {@code volume ls} may use. */
    static final List<String> FIELDS = List.of("Name", "Driver", "Scope", "Mountpoint", "Labels", "Links", "Size",
            "CreatedAt");

    private static final String DRIVER = "local";

    private VolumeRow() {
    }

    static Map<String, String> of(Volume volume, NamedVolumes volumes) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("Name", volume.name());
        row.put("Driver", DRIVER);
        row.put("Scope", "local");
        row.put("Mountpoint", volumes.directory(volume.name()).toString());
        row.put("Labels", new TreeMap<>(volume.labels()).entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue()).collect(Collectors.joining(",")));
        row.put("Links", "N/A");
        row.put("Size", "N/A");
        row.put("CreatedAt", volume.createdAt().toString());
        return row;
    }

    /** All that is known of it. */
    static Map<String, Object> document(Volume volume, NamedVolumes volumes) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("CreatedAt", volume.createdAt().toString());
        all.put("Driver", DRIVER);
        all.put("Labels", new TreeMap<>(volume.labels()));
        all.put("Mountpoint", volumes.directory(volume.name()).toString());
        all.put("Name", volume.name());
        all.put("Options", Map.of());
        all.put("Scope", "local");
        return all;
    }
}
