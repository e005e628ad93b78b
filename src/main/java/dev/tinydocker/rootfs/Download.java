package dev.tinydocker.rootfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Fetches one file over HTTP. */
final class Download {

    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final long MOST_BYTES = 2L << 30;

    private Download() {
    }

    /** Writes what the URL gives to a file; on failure the file may hold a part. */
    static void fetch(String url, Path file) throws IOException {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER).build();
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + url + "' is not a URL of HTTP", e);
        }
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL).build()) {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body(); OutputStream out = Files.newOutputStream(file)) {
                if (response.statusCode() != 200) {
                    throw new IOException("'" + url + "' answers with status " + response.statusCode());
                }
                copy(url, in, out);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the download was interrupted", e);
        } catch (IOException e) {
            // A refused connection has no message of its own.
            throw e.getMessage() != null ? e : new IOException("'" + url + "' does not answer", e);
        }
    }

    private static void copy(String url, InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            total += count;
            if (total > MOST_BYTES) {
                throw new IOException("'" + url + "' gives more than " + MOST_BYTES + " bytes");
            }
            out.write(buffer, 0, count);
        }
    }
}
