package dev.tinydocker.container;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The environment of a container's processes, a NAME=VALUE each: what every one has, and then what was asked. */
final class Variables {

    static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Variables() {
    }

    /** That of its first process. */
    static List<String> of(ContainerSpec spec, String hostname) {
        return lines(hostname, spec.tty(), spec.environment());
    }

    /** That of a further one. */
    static List<String> of(ContainerSpec spec, ExecSpec exec, String hostname) {
        Map<String, String> asked = new LinkedHashMap<>(spec.environment());
        asked.putAll(exec.environment());
        return lines(hostname, exec.tty(), asked);
    }

    private static List<String> lines(String hostname, boolean tty, Map<String, String> asked) {
        Map<String, String> all = new LinkedHashMap<>();
        String[] path = PATH.split("=", 2);
        all.put(path[0], path[1]);
        all.put("HOSTNAME", hostname);
        if (tty) {
            all.put("TERM", "xterm");
        }
        all.putAll(asked);
        return all.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
    }
}
