package dev.tinydocker.shim;

import dev.tinydocker.linux.Processes;
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
 * found out when it tried, once for each file system; where it could not try, again the next time.
 */
@Service
public class Idmapping {

    /** File systems of the kernel's own making, in which owners say little. */
    private static final Set<String> WITHOUT_OWNERS = Set.of("proc", "sysfs", "cgroup", "cgroup2", "devpts", "devtmpfs",
            "mqueue", "debugfs", "tracefs", "securityfs", "bpf", "pstore", "configfs", "hugetlbfs", "nsfs", "efivarfs");

    private static final Answer POSSIBLE = new Answer(true, true, "");

    /** The shim's exit status where no file system of that kind can, on this kernel. */
    private static final int NEVER = 1;

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

    /** Of the file system that a path is on; one that is missing stands in nobody's way. Blocks where it is new. */
    public Answer of(Path path) {
        try {
            Object device = Files.getAttribute(path, "unix:dev");
            Answer known = answers.get(device);
            return known == null ? tried(path, device) : known;
        } catch (NoSuchFileException e) {
            return POSSIBLE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer tried(Path path, Object device) throws IOException {
        Process process = Processes.start(new ProcessBuilder(layout.shimProgram().toString(), "--idmap",
                path.toString()).redirectErrorStream(true));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = process.onExit().join().exitValue();
        Answer answer = status == 0 ? POSSIBLE
                : new Answer(false, !WITHOUT_OWNERS.contains(Files.getFileStore(path).type()),
                        said.isEmpty() ? "nobody could find out whether it can show other owners" : said);
        // What failed for a moment, or for what is mounted just there, says nothing of the file system.
        if (status == 0 || status == NEVER) {
            answers.put(device, answer);
        }
        return answer;
    }
}
