package dev.tinydocker.cgroup;

import dev.tinydocker.linux.KernelFile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where in a tree of cgroups a process is, cgroups(7).
 *
 * @param version 1 or 2
 * @param controllers the tree's own; of version 2 those that this cgroup has
 * @param path from the root of the tree, as /proc/PID/cgroup has it
 * @param directory the same on this host
 */
public record CgroupPlace(int version, List<String> controllers, String path, String directory) {

    private static final int FIELDS = 3;

    /** Those of a process, in trees that are mounted here. */
    static List<CgroupPlace> of(Path membership, List<Hierarchy> hierarchies) {
        List<CgroupPlace> places = new ArrayList<>();
        // 4:memory:/path, and 0::/path for the tree of version 2.
        KernelFile.read(membership).lines().map(line -> line.split(":", FIELDS)).filter(words -> words.length == FIELDS)
                .forEach(words -> {
                    List<String> names = words[1].isEmpty() ? List.of() : Arrays.asList(words[1].split(","));
                    hierarchies.stream().filter(tree -> tree.unified() ? names.isEmpty()
                            : names.stream().anyMatch(tree.controllers()::contains)).findFirst()
                            .ifPresent(tree -> places.add(place(tree, names, words[2])));
                });
        return places;
    }

    private static CgroupPlace place(Hierarchy tree, List<String> names, String path) {
        Path directory = tree.root().resolve(path.substring(1));
        return new CgroupPlace(tree.unified() ? 2 : 1, tree.unified()
                ? CgroupFiles.words(directory.resolve("cgroup.controllers")).stream().sorted().toList() : names, path,
                directory.toString());
    }
}
