package dev.tinydocker.namespace;

import dev.tinydocker.problem.InvalidRequest;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Settings of the kernel that a container has for itself, {@code --sysctl NAME=VALUE}: those of its own network stack,
 * and of its own messages, semaphores and shared memory. All others are this host's.
 */
public final class SysctlParser {

    /** Those of the namespace ipc_namespaces(7). */
    private static final Set<String> IPC = Set.of("kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem",
            "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced");
    private static final String QUEUES = "fs.mqueue.";
    private static final String NETWORK = "net.";

    /** As sysctl(8) has it: a slash stands for a dot in the name of a link. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]+([./][a-zA-Z0-9_-]+)+");

    private SysctlParser() {
    }

    /** @throws InvalidRequest where a container has no such setting of its own */
    public static Map.Entry<String, String> parse(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        if (equals < 0 || !NAME.matcher(name).matches()) {
            throw refused(word, "it is no setting", "write NAME=VALUE, as in net.ipv4.ip_forward=1");
        }
        if (!IPC.contains(name) && !name.startsWith(QUEUES) && !isNetwork(name)) {
            throw refused(word, "no container has that for itself",
                    "there are net.…, fs.mqueue.…, kernel.msg…, kernel.sem and kernel.shm…");
        }
        return Map.entry(name, word.substring(equals + 1));
    }

    /** Whether it is one of the network's, which a container without a stack of its own does not have. */
    public static boolean isNetwork(String name) {
        return name.startsWith(NETWORK);
    }

    /** Where it is written. */
    static Path file(String name) {
        // One part at a time: what the user writes as a slash is a dot.
        Path file = Path.of("/proc/sys");
        for (String part : name.split("\\.")) {
            file = file.resolve(part.replace('/', '.'));
        }
        return file;
    }

    private static InvalidRequest refused(String word, String why, String hint) {
        return new InvalidRequest("set '" + word + "'", why, hint);
    }
}
