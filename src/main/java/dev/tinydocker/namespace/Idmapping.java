package dev.tinydocker.namespace;

import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether a file system can show its files with other owners, mount_setattr(2), MOUNT_ATTR_IDMAP: what the shim has
 * found out when it tried, once for each file system.
 */
@Service
public class Idmapping {

    /** File systems of the kernel's own making, in which owners say little. */
    private static final Set<String> WITHOUT_OWNERS = Set.of("proc", "sysfs", "cgroup", "cgroup2", "devpts", "devtmpfs",
            "mqueue", "debugfs", "tracefs", "securityfs", "bpf", "pstore", "configfs", "hugetlbfs", "nsfs", "efivarfs");

    private final Layout layout;
    private final Map<Object, Answer> answers = new ConcurrentHashMap<>();

    Idmapping(Layout layout) {
        this.layout = layout;
    }

    /**
     * What can be done about owners.
     *
     * @param possible whether it can show others
     * @param needed false where nobody would miss that
     * @param why why it cannot, in a few words
     */
    public record Answer(boolean possible, boolean needed, String why) {
    }

    /** Of the file system that a path is on; one that is missing stands in nobody's way. */
    public Answer of(Path path) {
        try {
            Object device = Files.getAttribute(path, "unix:dev");
            Answer known = answers.get(device);
            if (known == null) {
                known = tried(path);
                answers.put(device, known);
            }
            return known;
        } catch (NoSuchFileException e) {
            return new Answer(true, true, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Blocks for a moment. */
    private Answer tried(Path path) throws IOException {
        Process process = new ProcessBuilder(layout.shimProgram().toString(), "--idmap", path.toString())
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (said.isEmpty()) {
            return new Answer(true, true, "");
        }
        return new Answer(false, !WITHOUT_OWNERS.contains(Files.getFileStore(path).type()), said);
    }
}
