package dev.tinydocker.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A root file system for tests: the host's static busybox under the names tests use. */
public final class BusyboxTree {

    private BusyboxTree() {
    }

    /** Makes it in an empty directory. */
    public static void make(Path root) throws IOException, InterruptedException {
        for (String directory : new String[] { "bin", "etc", "tmp", "proc", "sys", "dev", "root" }) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"), LinkOption.NOFOLLOW_LINKS);
        Files.setPosixFilePermissions(root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nuser:x:1000:\nextra:x:2000:user\n");
        Process install = new ProcessBuilder("/bin/busybox", "--install", "-s", root.resolve("bin").toString()).start();
        if (install.waitFor() != 0) {
            throw new IOException("busybox --install failed");
        }
        // The links lead to /bin/busybox, which is what they are to name in the container too.
    }
}
