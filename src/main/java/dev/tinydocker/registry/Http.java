package dev.tinydocker.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;

/**
 * One request, one answer. The JDK's older client, because a thread that reads straight from its socket needs a sixth
 * of the CPU that the newer one needs to hand over the same bytes (docs/adr/0008), and has a time limit for each read.
 */
final class Http {

    private static final int MOST_REDIRECTS = 5;
    private static final int BUFFER = 1 << 20;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final RegistrySettings settings;

    Http(RegistrySettings settings) {
        this.settings = settings;
    }

    /** What is to be sent cannot be read: no fault of the registry's. */
    static final class Unreadable extends IOException {

        private static final long serialVersionUID = 1L;

        Unreadable(IOException cause) {
            super(cause);
        }
    }

    /**
     * Asks, and goes where it is sent. What was said in confidence stays with the one it was said to: another host gets
     * no Authorization, and a secure address never leads to one that is not.
     */
    Answer follow(Ask ask) throws IOException {
        Ask current = ask;
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            Answer answer = exchange(current);
            String location = answer.header("location").orElse("");
            boolean asks = ask.method().equals("GET") || ask.method().equals("HEAD");
            if (!asks || location.isEmpty() || !REDIRECTS.contains(answer.status())) {
                return answer;
            }
            answer.close();
            current = current.to(target(current.uri(), location));
            if (!Endpoint.sameOrigin(ask.uri(), current.uri())) {
                current = without(current, "Authorization");
            }
        }
        throw new IOException("it redirects more than " + MOST_REDIRECTS + " times");
    }

    private URI target(URI from, String location) throws IOException {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException("it redirects to what is no address", e);
        }
        boolean secure = "https".equalsIgnoreCase(to.getScheme());
        boolean plain = "http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme());
        if (to.getHost() == null || !secure && !plain) {
            throw new IOException("it redirects to an address that is not of HTTPS");
        }
        return to;
    }

    private static Ask without(Ask ask, String header) {
        Map<String, String> fewer = new HashMap<>(ask.headers());
        fewer.remove(header);
        return new Ask(ask.method(), ask.uri(), fewer, ask.body());
    }

    /** Asks once; an answer that says to go elsewhere is an answer. */
    Answer exchange(Ask ask) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) ask.uri().toURL()
                .openConnection(settings.proxies().of(ask.uri()));
        if (connection instanceof HttpsURLConnection secure) {
            settings.certificates().factory(ask.uri()).ifPresent(secure::setSSLSocketFactory);
        }
        int millis = (int) Math.min(Integer.MAX_VALUE, settings.timeout().toMillis());
        connection.setConnectTimeout(millis);
        connection.setReadTimeout(millis);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestMethod(ask.method());
        connection.setRequestProperty("User-Agent", "tiny-docker");
        connection.setRequestProperty("Accept", "*/*");
        ask.headers().forEach(connection::setRequestProperty);
        if (ask.body() != null) {
            send(connection, ask.body());
        }
        try {
            int status = connection.getResponseCode();
            InputStream body = status >= HttpURLConnection.HTTP_BAD_REQUEST
                    ? connection.getErrorStream()
                    : connection.getInputStream();
            return new Answer(ask.uri(), status, headers(connection),
                    body == null ? InputStream.nullInputStream() : body);
        } catch (HttpRetryException e) {
            // 401 to a body that was streamed: the JDK has closed the connection.
            return new Answer(ask.uri(), e.responseCode(), Map.of(), InputStream.nullInputStream());
        }
    }

    private static void send(HttpURLConnection connection, Ask.Body body) throws IOException {
        connection.setDoOutput(true);
        if (connection.getRequestProperty("Content-Type") == null) {
            connection.setRequestProperty("Content-Type", "application/octet-stream");
        }
        if (body.streamed()) {
            connection.setFixedLengthStreamingMode(body.bytes());
        }
        InputStream opened;
        try {
            opened = body.source().open();
        } catch (IOException e) {
            throw new Unreadable(e);
        }
        try (InputStream in = opened; OutputStream out = connection.getOutputStream()) {
            byte[] buffer = new byte[Math.clamp(body.bytes(), 1, BUFFER)];
            for (int count = read(in, buffer); count >= 0; count = read(in, buffer)) {
                out.write(buffer, 0, count);
            }
        }
    }

    private static int read(InputStream in, byte[] buffer) throws Unreadable {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new Unreadable(e);
        }
    }

    private static Map<String, List<String>> headers(HttpURLConnection connection) {
        Map<String, List<String>> found = new HashMap<>();
        connection.getHeaderFields().forEach((name, values) -> {
            // The status line is the header without a name.
            if (name != null) {
                found.merge(name.toLowerCase(Locale.ROOT), values.reversed(), (one, two) ->
                        Stream.concat(one.stream(), two.stream()).toList());
            }
        });
        return found;
    }
}
