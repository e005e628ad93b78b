package dev.tinydocker.rootfs;

import dev.tinydocker.problem.NotFound;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code run NAME} can start from without an image: {@code config/rootfs.yml}, for one architecture and mirror.
 */
final class Catalogue {

    /**
     * One version of one root file system.
     *
     * @param name with the version's tag where there are several, as in {@code alpine:3.21}
     * @param version as its makers call it, as in {@code 3.21.3}; empty where there is only one
     * @param sources in the order they are tried
     */
    record Entry(String name, String version, List<String> command, List<String> environment, List<Source> sources) {

        /** A file's name. */
        String directory() {
            return name.replace(':', '_');
        }
    }

    private final String arch;
    private final List<Entry> entries;
    private final Map<String, Entry> named = new LinkedHashMap<>();

    /**
     * @param arch as the kernel calls it, x86_64 or aarch64
     * @param mirror empty where nothing is to be downloaded
     */
    Catalogue(Path file, String arch, String mirror) {
        this.arch = arch;
        this.entries = new CatalogueFile(file, arch, mirror).entries();
        for (Entry entry : entries) {
            // Without a tag the first version is meant.
            named.putIfAbsent(entry.name().replaceFirst(":.*", ""), entry);
            named.put(entry.name(), entry);
        }
    }

    String arch() {
        return arch;
    }

    /** In the order of the file, the newest version of each first. */
    List<Entry> entries() {
        return entries;
    }

    /** All names there are for them. */
    List<String> names() {
        return List.copyOf(named.keySet());
    }

    Entry find(String name) {
        Entry entry = named.get(name);
        if (entry == null) {
            throw new NotFound("find the root file system '" + name + "'", "it is not in the catalogue",
                    "there are " + String.join(", ", named.keySet()) + "; --rootfs takes any directory");
        }
        return entry;
    }

    /** The entries of these names, or all where none is given. */
    List<Entry> find(List<String> names) {
        List<Entry> found = new ArrayList<>();
        names.forEach(name -> found.add(find(name)));
        return names.isEmpty() ? entries : found.stream().distinct().toList();
    }
}
