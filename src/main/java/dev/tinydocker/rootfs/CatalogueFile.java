package dev.tinydocker.rootfs;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.rootfs.Catalogue.Entry;
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
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code config/rootfs.yml}; what makes no sense is refused before any of it is used. */
final class CatalogueFile {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:[._-][a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    /** What other programs are given as an argument. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+_-]*");

    private final Path file;
    private final String arch;
    private final String mirror;

    CatalogueFile(Path file, String arch, String mirror) {
        this.file = file;
        this.arch = arch;
        this.mirror = mirror.endsWith("/") ? mirror.substring(0, mirror.length() - 1) : mirror;
    }

    /** What a version puts into its entry's sources. */
    private record Version(String tag, String version, @Nullable Object sums) {
    }

    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        read().forEach((name, value) -> {
            Map<?, ?> fields = map(value, "the entry '" + name + "'");
            matching(NAME, name, "the name of an entry");
            Object versions = fields.get("versions");
            if (versions == null) {
                entries.add(entry(name.toString(), fields, new Version("", "", null)));
            } else {
                map(versions, "the versions of '" + name + "'").forEach((tag, version) -> entries.add(
                        entry(name + ":" + matching(TAG, tag, "a version of '" + name + "'"), fields,
                                version(name + ":" + tag, tag.toString(), version))));
            }
        });
        return List.copyOf(entries);
    }

    private Version version(String name, String tag, Object value) {
        Map<?, ?> fields = map(value, "'" + name + "'");
        Object version = fields.get("version");
        return new Version(tag, version == null ? tag : matching(TAG, version, "the version of '" + name + "'"),
                fields.get("sha256"));
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

    private Entry entry(String name, Map<?, ?> fields, Version version) {
        List<Source> sources = new ArrayList<>();
        for (Object source : list(fields.get("sources"), "the sources of '" + name + "'")) {
            sources.add(source(name, map(source, "a source of '" + name + "'"), version));
        }
        return new Entry(name, version.version, strings(fields, "command", name),
                strings(fields, "environment", name), List.copyOf(sources));
    }

    private Source source(String name, Map<?, ?> fields, Version version) {
        if (fields.get("archive") instanceof String archive) {
            return archive(name, archive, fields, version);
        }
        if (fields.get("installed") instanceof String program) {
            return new Source.Installed(program);
        }
        if (fields.get("package") instanceof String packageName) {
            return new Source.Package(matching(WORD, packageName, "the package of '" + name + "'"));
        }
        if (fields.get("bootstrap") instanceof String distribution) {
            String suite = fill(String.valueOf(fields.get("suite")), version);
            Object variant = fields.get("variant");
            return new Source.Bootstrap(distribution, matching(WORD, suite, "the suite of '" + name + "'"),
                    matching(WORD, variant == null ? "minbase" : variant, "the variant of '" + name + "'"),
                    strings(fields, "packages", name).stream()
                            .map(word -> matching(WORD, word, "a package of '" + name + "'")).toList());
        }
        throw wrong("a source of '" + name + "' is neither archive, installed, package nor bootstrap", null);
    }

    private Source archive(String name, String archive, Map<?, ?> fields, Version version) {
        Object sums = version.sums == null ? fields.get("sha256") : version.sums;
        Object sum = sums == null ? "" : map(sums, "the sha256 of '" + name + "'").get(arch);
        if (sum == null || !sum.toString().matches("|[0-9a-f]{64}")) {
            throw wrong("'" + name + "' has no SHA-256 for " + arch, null);
        }
        String kept = fill(archive, version);
        if (!WORD.matcher(kept).matches()) {
            throw wrong("the archive of '" + name + "' is not a name in rootfs-cache", null);
        }
        boolean reachable = fields.get("url") instanceof String url && !(url.contains("{mirror}") && mirror.isEmpty());
        return new Source.Archive(kept, reachable ? fill(String.valueOf(fields.get("url")), version) : "",
                sum.toString());
    }

    private String fill(String text, Version version) {
        return text.replace("{arch}", arch).replace("{mirror}", mirror).replace("{version}", version.version)
                .replace("{tag}", version.tag);
    }

    private String matching(Pattern pattern, Object word, String what) {
        if (!pattern.matcher(word.toString()).matches()) {
            throw wrong(what + " is '" + word + "'", null);
        }
        return word.toString();
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
