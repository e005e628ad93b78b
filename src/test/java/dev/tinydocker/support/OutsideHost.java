package dev.tinydocker.support;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A host that is neither this one nor a container: a network namespace with a link to here, and a server of HTTP on
 * port 80 that answers {@code /cgi-bin/who} with the address it was asked from. Addresses are of TEST-NET-2, RFC 5737.
 */
public final class OutsideHost implements AutoCloseable {

    /** Its own address. */
    public static final String ADDRESS = "198.51.100.2";
    /** This host's address on the link between the two. */
    public static final String OURS = "198.51.100.1";

    /** What the link between the two is called here. */
    public static final String LINK = "tdoutside";

    private final Process process;

    /** @param directory an empty one */
    public OutsideHost(Path directory) throws IOException {
        pages(directory);
        process = new ProcessBuilder("unshare", "--net", "sh", "-c",
                "echo ready; read -r _; exec busybox httpd -f -p 80 -h " + directory).start();
        process.inputReader().readLine();
        Commands.run("ip", "link", "add", LINK, "type", "veth", "peer", "name", "eth0", "netns",
                Long.toString(process.pid()));
        Commands.run("ip", "addr", "add", OURS + "/24", "dev", LINK);
        Commands.run("ip", "link", "set", LINK, "up");
        run("ip", "addr", "add", ADDRESS + "/24", "dev", "eth0");
        run("ip", "link", "set", "eth0", "up");
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(this::listens);
    }

    /** A socket of its listens on port 80: state 0A in proc_net(5), for addresses of either kind. */
    private boolean listens() throws IOException {
        for (String kind : List.of("tcp", "tcp6")) {
            try (Stream<String> sockets = Files.lines(Path.of("/proc/" + process.pid() + "/net/" + kind))) {
                if (sockets.anyMatch(socket -> socket.matches(" *[0-9]+: [0-9A-F]+:0050 [0-9A-F]+:0000 0A .*"))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Makes what a server of HTTP needs to tell who asks. */
    public static void pages(Path directory) throws IOException {
        Path script = Files.createDirectories(directory.resolve("cgi-bin")).resolve("who");
        Files.writeString(script, "#!/bin/sh\nprintf '\\r\\n%s\\n' \"$REMOTE_ADDR\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The command that asks such a server, and prints the address it was asked from and nothing else. */
    public static String[] ask(String address, int port) {
        return new String[] { "sh", "-c", "printf 'GET /cgi-bin/who HTTP/1.0\\r\\n\\r\\n' | busybox nc -w 2 " + address
                + " " + port + " 2>/dev/null | tail -n 1 | sed -E 's/[^0-9.]//g'" };
    }

    /** Runs a program there. */
    public String run(String... command) throws IOException {
        return Commands.run(Stream.concat(Stream.of("nsenter", "--net=/proc/" + process.pid() + "/ns/net"),
                List.of(command).stream()).toList());
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        // Its link goes with the namespace, some time after the process: perhaps just before it is removed here.
        Commands.run("sh", "-c", "ip link delete " + LINK + " 2>/dev/null; [ ! -e /sys/class/net/" + LINK + " ]");
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
