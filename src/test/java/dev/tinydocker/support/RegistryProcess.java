package dev.tinydocker.support;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The distribution's registry, on a free port of the loopback address, for as long as a test needs it. */
public final class RegistryProcess implements AutoCloseable {

    /** Who may use one that asks. */
    public static final String USER = "tester";
    public static final String PASSWORD = "secret";

    /** The password as bcrypt keeps it. */
    private static final String HASH = "$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";
    private static final int TRIES = 5;
    private static final int END_SECONDS = 10;

    private final Process process;
    private final int port;

    private RegistryProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** One that gives everything to everybody; it keeps what it has in the directory. */
    public static RegistryProcess open(Path directory) throws IOException {
        return start(directory, "");
    }

    /** One that wants a name and a password. */
    public static RegistryProcess closed(Path directory) throws IOException {
        Path passwords = Files.createDirectories(directory).resolve("htpasswd");
        Files.writeString(passwords, USER + ":" + HASH + "\n");
        return start(directory, "auth:\n  htpasswd:\n    realm: test\n    path: " + passwords + "\n");
    }

    /** One whose clients bring tokens, signed by the key of a certificate. */
    public static RegistryProcess withTokens(Path directory, String realm, String service, String issuer,
            Path certificate) throws IOException {
        return start(directory, "auth:\n  token:\n    realm: " + realm + "\n    service: " + service + "\n    issuer: "
                + issuer + "\n    rootcertbundle: " + certificate + "\n");
    }

    /**
     * One that speaks HTTPS.
     *
     * @param clients the authority that its clients' certificates are to be of; null where it asks for none
     */
    public static RegistryProcess withTls(Path directory, Path certificate, Path key, @Nullable Path clients)
            throws IOException {
        return start(directory, "  tls:\n    certificate: " + certificate + "\n    key: " + key + "\n"
                + (clients == null ? "" : "    clientcas:\n      - " + clients + "\n"));
    }

    private static RegistryProcess start(Path directory, String auth) throws IOException {
        Files.createDirectories(directory);
        for (int attempt = 1;; attempt++) {
            int port = freePort();
            Path config = Files.writeString(directory.resolve("config.yml"), """
                    version: 0.1
                    log:
                      accesslog:
                        disabled: true
                    storage:
                      delete:
                        enabled: true
                      filesystem:
                        rootdirectory: %s
                    http:
                      addr: 127.0.0.1:%d
                      secret: of-a-test
                    """.formatted(directory.resolve("storage"), port) + auth);
            ProcessBuilder builder = new ProcessBuilder("docker-registry", "serve", config.toString());
            builder.environment().put("OTEL_TRACES_EXPORTER", "none");
            Process process = builder.redirectErrorStream(true).start();
            String said = untilItListens(process);
            if (said.isEmpty()) {
                return new RegistryProcess(process, port);
            }
            process.destroyForcibly();
            // Somebody may have taken the port since it was free.
            if (attempt == TRIES) {
                throw new IOException("docker-registry does not start: " + said);
            }
        }
    }

    /** One that nobody listens on just now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** @return empty where it listens, or else what it said before it ended */
    private static String untilItListens(Process process) throws IOException {
        BufferedReader log = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.append(line).append('\n');
            if (line.contains("listening on")) {
                // Or its pipe fills up, and it stands still.
                Thread.ofVirtual().start(() -> {
                    try (log) {
                        log.transferTo(Writer.nullWriter());
                    } catch (IOException e) {
                        return;
                    }
                });
                return "";
            }
        }
        return said.isEmpty() ? "it says nothing" : said.toString();
    }

    public int port() {
        return port;
    }

    /** As it begins a reference: {@code 127.0.0.1:PORT}. */
    public String name() {
        return "127.0.0.1:" + port;
    }

    /** Puts an image of a layout into it, as in {@code push(layout, "latest", "team/web:1.0")}. */
    public void push(Path layout, String tag, String reference) throws IOException {
        Commands.run("skopeo", "copy", "--quiet", "--dest-tls-verify=false", "--insecure-policy", "--dest-creds",
                USER + ":" + PASSWORD, "oci:" + layout + ":" + tag, "docker://" + name() + "/" + reference);
    }

    /** Ends it at once, as a power failure would. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.flush();
        } catch (IOException e) {
            return;
        }
    }
}
