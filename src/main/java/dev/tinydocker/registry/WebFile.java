package dev.tinydocker.registry;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/** A file that some server gives to everybody. */
public final class WebFile {

    private WebFile() {
    }

    /**
     * Begins to download it.
     *
     * @param url of HTTP or HTTPS
     * @return the caller closes it; a connection that ends before the file does throws IOException
     */
    public static InputStream open(String url) {
        return content(url).body();
    }

    /**
     * A file that begins to come.
     *
     * @param length how many bytes it has, -1 where the server does not say
     */
    public record Content(InputStream body, long length) {
    }

    /** As {@link #open}, with its length. */
    public static Content content(String url) {
        String deed = "download '" + url + "'";
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest(deed, "it is no URL", "", e);
        }
        if (uri.getHost() == null || !"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
            throw new InvalidRequest(deed, "it is no URL of HTTP", "as in https://host.example/rootfs.tar.gz");
        }
        try {
            Answer answer = new Http(RegistrySettings.forFiles()).follow(Ask.of("GET", uri));
            if (answer.status() == HttpURLConnection.HTTP_OK) {
                return new Content(answer.body(), answer.length());
            }
            answer.close();
            throw answer.status() == HttpURLConnection.HTTP_NOT_FOUND
                    ? new NotFound(deed, "the server does not have it (status 404)", "check the address")
                    : new SystemFailure(deed, "the server answers with status " + answer.status(), "");
        } catch (IOException e) {
            throw new SystemFailure(deed, e.getMessage() == null ? "the server does not answer"
                    : RegistryProblems.clean(e.getMessage()), "check the address, and that the server runs", e);
        }
    }
}
