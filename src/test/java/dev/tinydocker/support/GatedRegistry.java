package dev.tinydocker.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What a real registry has, read through a gate: it tells which blobs were asked for, and one of them it holds in the
 * middle until it lets go, as no real registry can be made to.
 */
public final class GatedRegistry implements AutoCloseable {

    private static final int SECONDS = 60;

    private final RegistryProcess registry;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> blobs = new CopyOnWriteArrayList<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile String digest = "";
    private volatile int bytes;

    /** One blob that was asked for, and from where on; empty for all of it. */
    public record Asked(String digest, String range) {
    }

    public GatedRegistry(RegistryProcess registry) throws IOException {
        this.registry = registry;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    /** As it begins a reference. */
    public String name() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Holds a blob after that many bytes, each time it is asked for. */
    public void hold(String blob, int after) {
        digest = blob;
        bytes = after;
    }

    /** Waits until that blob stands still. */
    public void awaitHeld() throws InterruptedException, IOException {
        if (!held.await(SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("nobody has asked for " + digest);
        }
    }

    /** Whoever asks from now on is not held; who is, stays so. */
    public void open() {
        digest = "";
    }

    /** Nobody is held any more. */
    public void release() {
        open();
        released.countDown();
    }

    public List<Asked> blobs() {
        return blobs;
    }

    private void pass(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        HttpURLConnection connection = (HttpURLConnection) URI.create("http://" + registry.name() + path).toURL()
                .openConnection();
        connection.setRequestMethod(exchange.getRequestMethod());
        for (String header : List.of("Accept", "Range", "Authorization")) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                connection.setRequestProperty(header, value);
            }
        }
        String blob = path.matches(".*/blobs/sha256:[0-9a-f]+") ? path.replaceFirst(".*/blobs/", "") : "";
        if (!blob.isEmpty()) {
            String range = exchange.getRequestHeaders().getFirst("Range");
            blobs.add(new Asked(blob, range == null ? "" : range));
        }
        int status = connection.getResponseCode();
        for (String header : List.of("Content-Type", "Docker-Content-Digest", "Content-Range", "WWW-Authenticate")) {
            String value = connection.getHeaderField(header);
            if (value != null) {
                exchange.getResponseHeaders().set(header, value);
            }
        }
        long length = connection.getContentLengthLong();
        boolean none = exchange.getRequestMethod().equals("HEAD") || length <= 0;
        if (none && length >= 0) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
        }
        exchange.sendResponseHeaders(status, none ? -1 : length);
        try (exchange; InputStream in = status < HttpURLConnection.HTTP_BAD_REQUEST
                ? connection.getInputStream()
                : connection.getErrorStream()) {
            if (!none) {
                give(in, exchange.getResponseBody(), blob);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void give(InputStream in, OutputStream out, String blob) throws IOException, InterruptedException {
        if (!blob.isEmpty() && blob.equals(digest)) {
            out.write(in.readNBytes(bytes));
            out.flush();
            held.countDown();
            released.await(SECONDS, TimeUnit.SECONDS);
        }
        in.transferTo(out);
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
