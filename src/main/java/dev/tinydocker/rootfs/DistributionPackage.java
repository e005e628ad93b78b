package dev.tinydocker.rootfs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A package of this host's distribution, fetched and taken apart, but not installed: apt-get(8), dpkg-deb(1). */
final class DistributionPackage {

    static final String CLIENT = "apt-get";

    private static final List<String> PLACES = List.of("bin/busybox", "usr/bin/busybox", "sbin/busybox",
            "usr/sbin/busybox");

    private DistributionPackage() {
    }

    /** The static busybox in the package; it lies in {@code work}. */
    static Path fetch(String client, String name, Path work) throws IOException {
        // apt would rather fetch as a user who may not write here, and says so.
        List<String> fetch = List.of(client, "-q", "-o", "APT::Sandbox::User=root", "download", name);
        try {
            Command.run(fetch, work);
        } catch (IOException e) {
            // A fresh machine knows no packages before it has asked.
            try {
                Command.run(List.of(client, "-q", "update"), work);
            } catch (IOException again) {
                e.addSuppressed(again);
                throw e;
            }
            Command.run(fetch, work);
        }
        Path tree = work.resolve("tree");
        for (Path archive : files(work, "*.deb")) {
            Command.run(List.of("dpkg-deb", "-x", archive.toString(), tree.toString()), work);
        }
        for (String place : PLACES) {
            if (BusyboxArchive.isStatic(tree.resolve(place))) {
                return tree.resolve(place);
            }
        }
        throw new IOException("the package " + name + " holds no static busybox");
    }

    private static List<Path> files(Path directory, String pattern) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            entries.forEach(files::add);
        }
        return files;
    }
}
