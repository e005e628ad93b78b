package dev.tinydocker.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Requests as bytes, with headers that no client of the JDK's sends. */
final class RawHttp {

    private static final int PATIENCE_MILLIS = 20_000;

    private final int port;

    RawHttp(int port) {
        this.port = port;
    }

    /** An answer; status 0 where the connection ended without one. */
    record Reply(int status, String head, String body) {
        String header(String name) {
            return head.lines().filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip()).findFirst().orElse("");
        }
    }

    /** As our own page asks. */
    Reply get(String path, String... headers) throws IOException {
        return ask("GET", path, Stream.concat(Stream.of("Host: 127.0.0.1:" + port), Stream.of(headers)).toList());
    }

    Reply post(String path, String... headers) throws IOException {
        return ask("POST", path, Stream.concat(Stream.of("Host: 127.0.0.1:" + port, "Content-Length: 0"),
                Stream.of(headers)).toList());
    }

    Reply ask(String method, String path, List<String> headers) throws IOException {
        return send(method + " " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                + (headers.isEmpty() ? "" : "\r\n") + "Connection: close\r\n\r\n");
    }

    Reply send(String bytes) throws IOException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            return read(socket.getInputStream());
        }
    }

    Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    static Reply read(InputStream in) throws IOException {
        String all;
        try {
            all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.net.SocketException e) {
            // It was reset, with bytes of ours unread.
            return new Reply(0, "", "");
        }
        int end = all.indexOf("\r\n\r\n");
        return end < 0 ? new Reply(0, all, "") : new Reply(Integer.parseInt(all.substring(9, 12)), all.substring(0,
                end), all.substring(end + 4));
    }
}
