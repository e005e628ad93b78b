package dev.tinydocker.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy of HTTP on the loopback address that takes every host for this one; one request a connection, or a tunnel.
 */
final class TestProxy implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> asked = new CopyOnWriteArrayList<>();

    TestProxy() throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket client = listening.accept();
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    String address() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** The first words of each connection: the method and the host it was for. */
    List<String> asked() {
        return asked;
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            String[] words = head.toString().split(" ", 3);
            boolean tunnel = words[0].equals("CONNECT");
            URI target = URI.create(tunnel ? "tunnel://" + words[1] : words[1]);
            asked.add(words[0] + " " + target.getAuthority());
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getPort())) {
                if (tunnel) {
                    client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } else {
                    String rest = words[2].replaceFirst("\r\n", "\r\nConnection: close\r\n")
                            .replaceAll("(?i)\r\n(proxy-)?connection: keep-alive", "");
                    server.getOutputStream().write((words[0] + " " + words[1].replaceFirst("http://[^/]*", "") + " "
                            + rest).getBytes(StandardCharsets.ISO_8859_1));
                }
                Thread up = Thread.ofVirtual().start(() -> pump(in, server));
                server.getInputStream().transferTo(client.getOutputStream());
                client.close();
                up.join();
            }
        } catch (IOException e) {
            // Whoever is on either side sees it too.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(InputStream in, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
