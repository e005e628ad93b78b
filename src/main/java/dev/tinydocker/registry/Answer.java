package dev.tinydocker.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was answered; whoever has it closes it. A body that was read to its end leaves the connection to the next
 * request.
 */
record Answer(URI uri, int status, Map<String, List<String>> headers, InputStream body) implements AutoCloseable {

    private static final int MOST_PROSE = 16 << 10;

    boolean ok() {
        return status >= HttpURLConnection.HTTP_OK && status < HttpURLConnection.HTTP_MULT_CHOICE;
    }

    /** The first header of that name, which is written in lower case. */
    Optional<String> header(String name) {
        return all(name).stream().findFirst();
    }

    /** All headers of that name, which is written in lower case. */
    List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** When to ask again, as it is said; empty where it is not. RFC 9110 section 10.2.3. */
    String retryAfter() {
        return header("retry-after").orElse("");
    }

    /** How long the body is; -1 where that is not said. */
    long length() {
        try {
            return header("content-length").map(Long::parseLong).orElse(-1L);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /**
     * The whole body.
     *
     * @throws TooLong where it has more bytes than that
     */
    byte[] bytes(int most) throws IOException {
        byte[] bytes = body.readNBytes(most + 1);
        if (bytes.length > most) {
            throw new TooLong(most);
        }
        if (length() > bytes.length) {
            throw new IOException("the connection ended after " + bytes.length + " of " + length() + " bytes");
        }
        return bytes;
    }

    /** What the registry says of an error, of any length and form. */
    byte[] prose() {
        try {
            return body.readNBytes(MOST_PROSE);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // Nothing more is wanted from it.
            return;
        }
    }

    /** A document that is longer than anybody has a use for. */
    static final class TooLong extends IOException {

        private static final long serialVersionUID = 1L;

        TooLong(int most) {
            super("it has more than " + most + " bytes");
        }
    }
}
