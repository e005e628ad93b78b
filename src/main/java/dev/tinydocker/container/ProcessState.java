package dev.tinydocker.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the kernel tells of a process in {@code /proc/PID/status}, proc(5). */
record ProcessState(Map<String, String> fields) {

    static ProcessState read(int pid) throws IOException {
        return parse(Files.readString(Path.of("/proc/" + pid + "/status")));
    }

    static ProcessState parse(String status) {
        Map<String, String> fields = new HashMap<>();
        status.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return new ProcessState(fields);
    }

    /** Its effective user, as the host numbers it. */
    long user() {
        return Long.parseLong(fields.getOrDefault("Uid", "0 0").split("\\s+")[1]);
    }

    long mask(String field) {
        return Long.parseUnsignedLong(fields.getOrDefault(field, "0"), 16);
    }

    /** A kernel that does not know the field has no such wall. */
    long number(String field) {
        return Long.parseLong(fields.getOrDefault(field, "0"));
    }
}
