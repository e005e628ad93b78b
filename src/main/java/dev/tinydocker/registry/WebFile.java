package dev.tinydocker.registry;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/** A file that some server gives to everybody. */
public final class WebFile {

    private static final int PATIENCE_MILLIS = 60_000;

    private WebFile() {
    }

    /**
     * Begins to download it.
     *
     * @param url of HTTP or HTTPS
     * @return the caller closes it
     */
    public static InputStream open(String url) {
        String deed = "download '" + url + "'";
        try {
            if (!(URI.create(url).toURL().openConnection() instanceof HttpURLConnection connection)) {
                throw new InvalidRequest(deed, "it is no URL of HTTP", "");
            }
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new SystemFailure(deed, "the server answers with status " + connection.getResponseCode(), "");
            }
            return connection.getInputStream();
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest(deed, "it is no URL", "", e);
        } catch (IOException e) {
            throw new SystemFailure(deed, e.getMessage() == null ? "the server does not answer" : e.getMessage(), "", e);
        }
    }
}
