package dev.tinydocker.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Directories that look like a host's cgroups, as far as plans are concerned. */
final class FakeHost {

    static final String ID = "3f2a9c1b4d5e".repeat(6).substring(0, 64);

    final Path root;
    final List<Integer> killed = new ArrayList<>();
    private final StringBuilder mounts = new StringBuilder("22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n");

    FakeHost(Path root) {
        this.root = root;
    }

    FakeHost first(String name, String options) throws IOException {
        Path directory = Files.createDirectories(root.resolve(name));
        mounts.append("30 23 0:30 / ").append(directory.toString().replace(" ", "\\040"))
                .append(" rw,nosuid shared:9 - cgroup cgroup ")
                .append(options).append('\n');
        return this;
    }

    FakeHost second(String name) throws IOException {
        Path directory = Files.createDirectories(root.resolve(name));
        mounts.append("40 23 0:40 / ").append(directory).append(" rw - cgroup2 cgroup2 rw,nsdelegate\n");
        return this;
    }

    FakeHost file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    CgroupService service() throws IOException {
        return service(0);
    }

    /** @param pids what tiny.cgroup.pids says */
    CgroupService service(long pids) throws IOException {
        Path mountinfo = root.resolve("mountinfo");
        Files.writeString(mountinfo, mounts);
        return new CgroupService(mountinfo, "tiny", pids, new Inhabitants(killed::add, Duration.ofMillis(20)));
    }
}
