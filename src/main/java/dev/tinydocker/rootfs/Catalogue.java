package dev.tinydocker.rootfs;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code config/rootfs.yml}, read for one architecture and mirror. */
final class Catalogue {

    /** @param sources in the order they are tried */
    record Entry(String name, List<String> command, List<String> environment, List<Source> sources) {
    }

    private final Path file;
    private final String arch;
    private final String mirror;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * @param arch as the kernel calls it, x86_64 or aarch64
     * @param mirror empty where nothing is to be downloaded
     */
    Catalogue(Path file, String arch, String mirror) {
        this.file = file;
        this.arch = arch;
        this.mirror = mirror.endsWith("/") ? mirror.substring(0, mirror.length() - 1) : mirror;
        read().forEach((name, value) -> entries.put(name.toString(),
                entry(name.toString(), map(value, "the entry '" + name + "'"))));
    }

    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    Entry find(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new NotFound("find the root file system '" + name + "'", "it is not in the catalogue",
                    "there are " + String.join(", ", entries.keySet()) + "; --rootfs takes any directory");
        }
        return entry;
    }

    private Map<?, ?> read() {
        try (Reader reader = Files.newBufferedReader(file)) {
            return map(new Yaml(new SafeConstructor(new LoaderOptions())).load(reader), "the whole");
        } catch (IOException e) {
            throw wrong("it cannot be read", e);
        } catch (YAMLException e) {
            throw wrong(String.valueOf(e.getMessage()).lines().findFirst().orElse("it is no YAML"), e);
        }
    }

    private Entry entry(String name, Map<?, ?> fields) {
        List<Source> sources = new ArrayList<>();
        for (Object source : list(fields.get("sources"), "the sources of '" + name + "'")) {
            sources.add(source(name, map(source, "a source of '" + name + "'")));
        }
        return new Entry(name, strings(fields, "command", name), strings(fields, "environment", name),
                List.copyOf(sources));
    }

    private Source source(String name, Map<?, ?> fields) {
        if (fields.get("archive") instanceof String archive) {
            Object sums = fields.get("sha256");
            Object sum = sums == null ? "" : map(sums, "the sha256 of '" + name + "'").get(arch);
            if (sum == null || !sum.toString().matches("|[0-9a-f]{64}")) {
                throw wrong("'" + name + "' has no SHA-256 for " + arch, null);
            }
            if (archive.contains("/")) {
                throw wrong("the archive of '" + name + "' is not a name in rootfs-cache", null);
            }
            boolean reachable = fields.get("url") instanceof String url
                    && !(url.contains("{mirror}") && mirror.isEmpty());
            return new Source.Archive(fill(archive), reachable ? fill(String.valueOf(fields.get("url"))) : "",
                    sum.toString());
        }
        if (fields.get("installed") instanceof String program) {
            return new Source.Installed(program);
        }
        if (fields.get("package") instanceof String packageName) {
            return new Source.Package(packageName);
        }
        throw wrong("a source of '" + name + "' is neither archive, installed nor package", null);
    }

    private String fill(String text) {
        return text.replace("{arch}", arch).replace("{mirror}", mirror);
    }

    private List<String> strings(Map<?, ?> fields, String key, String name) {
        Object value = fields.get(key);
        return value == null ? List.of() : list(value, key + " of '" + name + "'").stream().map(Object::toString)
                .toList();
    }

    private List<?> list(@Nullable Object value, String what) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(what + " is not a list", null);
    }

    private Map<?, ?> map(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw wrong(what + " is not made of keys and values", null);
    }

    private InvalidRequest wrong(String why, @Nullable Throwable cause) {
        return new InvalidRequest("read the catalogue '" + file + "'", why, "correct it, or restore it as it came",
                cause);
    }
}
