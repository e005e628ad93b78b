package dev.tinydocker.registry;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** One request of HTTP. */
record Ask(String method, URI uri, Map<String, String> headers, @Nullable Body body) {

    /**
     * What is sent.
     *
     * @param bytes how many
     * @param streamed whether it is not held in memory; an answer of 401 then comes without its challenge
     */
    record Body(long bytes, BlobSource source, boolean streamed) {

        static Body of(byte[] bytes) {
            return new Body(bytes.length, () -> new ByteArrayInputStream(bytes), false);
        }
    }

    static Ask of(String method, URI uri) {
        return new Ask(method, uri, Map.of(), null);
    }

    Ask with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Ask(method, uri, more, body);
    }

    Ask with(Body sent) {
        return new Ask(method, uri, headers, sent);
    }

    Ask to(URI other) {
        return new Ask(method, other, headers, body);
    }
}
