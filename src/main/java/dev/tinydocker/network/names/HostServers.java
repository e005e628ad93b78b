package dev.tinydocker.network.names;

import dev.tinydocker.linux.HostText;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/** Whom this host asks for names, resolv.conf(5); also servers on its own lo, which containers do not reach. */
final class HostServers {

    private static final int PORT = 53;
    private static final int MOST = 3;

    private final Path file;
    private FileTime read = FileTime.fromMillis(0);
    private List<InetSocketAddress> servers = List.of();

    HostServers(Path file) {
        this.file = file;
    }

    /** What the file says now; nobody, where there is none. */
    synchronized List<InetSocketAddress> list() {
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            if (!changed.equals(read)) {
                servers = parse(HostText.read(file).lines().toList());
                read = changed;
            }
            return servers;
        } catch (IOException e) {
            return List.of();
        }
    }

    static List<InetSocketAddress> parse(List<String> lines) {
        List<InetSocketAddress> found = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words.length > 1 && words[0].equals("nameserver") && found.size() < MOST) {
                try {
                    found.add(new InetSocketAddress(InetAddress.ofLiteral(words[1]), PORT));
                } catch (IllegalArgumentException e) {
                    // The C library passes over such a line too.
                    continue;
                }
            }
        }
        return List.copyOf(found);
    }
}
