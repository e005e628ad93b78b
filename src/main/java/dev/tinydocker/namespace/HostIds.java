package dev.tinydocker.namespace;

import dev.tinydocker.linux.HostText;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The numbers that this host has given to others: its users and groups, and what these may give away, subuid(5). */
final class HostIds {

    private static final int ID = 2;

    private HostIds() {
    }

    static List<IdRange> taken(Path etc) {
        List<IdRange> taken = new ArrayList<>();
        for (String file : List.of("passwd", "group")) {
            fields(etc.resolve(file)).forEach(fields -> add(taken, fields, ID, "1"));
        }
        for (String file : List.of("subuid", "subgid")) {
            fields(etc.resolve(file)).forEach(fields -> add(taken, fields, 1, fields.length > 2 ? fields[2] : ""));
        }
        return taken;
    }

    private static List<String[]> fields(Path file) {
        try {
            return HostText.read(file).lines().map(line -> line.split(":", -1)).toList();
        } catch (IOException e) {
            // A host need not have it.
            return List.of();
        }
    }

    /** What is no line of numbers keeps no number. */
    private static void add(List<IdRange> taken, String[] fields, int first, String size) {
        try {
            if (fields.length > first) {
                taken.add(new IdRange(0, Long.parseLong(fields[first]), Long.parseLong(size)));
            }
        } catch (IllegalArgumentException e) {
            return;
        }
    }
}
