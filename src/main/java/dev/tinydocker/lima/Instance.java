package dev.tinydocker.lima;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A line of {@code limactl list --format json}: one object a line, never an array. What is empty is left out, and what
 * is not known here is passed over.
 *
 * @param status {@code Running}, {@code Stopped}, {@code Broken}, or empty
 * @param arch as Lima calls it: {@code x86_64}, {@code aarch64}
 * @param directory where Lima keeps it
 * @param sizes by the options that ask for them, memory and disk in GiB
 * @param foreign it was made from another template than this program's lima.yaml; false where nobody can tell, as of
 *     one that was not made to its end
 */
record Instance(String name, String status, String arch, Path directory, List<SharedDirectory> shared,
        Map<String, Double> sizes, boolean foreign) {

    private static final double GIB = 1L << 30;
    private static final double NEARLY = 0.001;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** What lima.yaml forwards, and no other template does. */
    static final String SOCKET = "/run/tiny-docker/engine.sock";

    /** The instance of that name, if a line tells of one. */
    static Optional<Instance> parse(String name, String lines) {
        return lines.lines().filter(line -> !line.isBlank()).map(Instance::read)
                .filter(node -> node.path("name").asString("").equals(name)).map(Instance::of).findFirst();
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }

    private static Instance of(JsonNode node) {
        JsonNode config = node.path("config");
        List<SharedDirectory> shared = new ArrayList<>();
        for (JsonNode mount : config.path("mounts")) {
            String location = mount.path("location").asString("");
            shared.add(new SharedDirectory(Path.of(location), mount.path("mountPoint").asString(location),
                    mount.path("writable").asBoolean(false)));
        }
        boolean ours = false;
        for (JsonNode forward : config.path("portForwards")) {
            ours |= forward.path("guestSocket").asString("").equals(SOCKET);
        }
        return new Instance(node.path("name").asString(""), node.path("status").asString(""),
                node.path("arch").asString(""), Path.of(node.path("dir").asString("")), List.copyOf(shared),
                Map.of("--cpus", node.path("cpus").asDouble(0), "--memory", node.path("memory").asDouble(0) / GIB,
                        "--disk", node.path("disk").asDouble(0) / GIB),
                config.isObject() && !ours);
    }

    /** Whether it has what such options ask for, as in {@code --memory=4}. */
    boolean has(List<String> wanted) {
        return wanted.stream().map(option -> option.split("=", 2)).allMatch(option ->
                Math.abs(Objects.requireNonNull(sizes.get(option[0])) - Double.parseDouble(option[1])) < NEARLY);
    }

    /**
     * Whether it was told to stop. It runs until its guest has ended, but its forwards are gone at once. What its host
     * agent says begins anew with each start.
     */
    boolean isStopping() {
        try {
            return Files.readString(directory.resolve("ha.stderr.log"), StandardCharsets.ISO_8859_1)
                    .contains("hutting down the host agent");
        } catch (IOException e) {
            return false;
        }
    }

    /** Where Lima forwards the engine's socket to: see lima.yaml. */
    Path socket() {
        return directory.resolve("sock").resolve("engine.sock");
    }
}
