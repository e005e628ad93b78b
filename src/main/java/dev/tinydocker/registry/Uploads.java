package dev.tinydocker.registry;

import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Gives blobs and manifests to a registry. A blob is opened with POST and sent whole with PUT; what breaks begins anew.
 */
final class Uploads {

    private final Conversation conversation;

    Uploads(Conversation conversation) {
        this.conversation = conversation;
    }

    /** Sends a blob; the registry compares it with the digest. */
    void blob(String deed, Endpoint endpoint, Repository repository, String digest, long size, BlobSource source,
            String scope) throws IOException {
        for (int attempt = 1;; attempt++) {
            Duration wait;
            try (Answer answer = sent(deed, endpoint, repository, digest, size, source, scope)) {
                if (answer.ok()) {
                    return;
                }
                // A token may have run out since the upload was opened; the next one is new.
                boolean late = answer.status() == HttpURLConnection.HTTP_UNAUTHORIZED && attempt == 1;
                Optional<Duration> after = late
                        ? Optional.of(Duration.ZERO)
                        : conversation.retry().after(answer, attempt);
                wait = after.orElseThrow(() -> RegistryProblems.of(deed, endpoint, answer));
            } catch (IOException e) {
                Optional<Duration> after = conversation.retry().after(e, attempt, true);
                if (after.isEmpty()) {
                    throw e;
                }
                wait = after.get();
            }
            conversation.retry().pause(wait);
        }
    }

    private Answer sent(String deed, Endpoint endpoint, Repository repository, String digest, long size,
            BlobSource source, String scope) throws IOException {
        URI upload = endpoint.at(repository.path() + "/blobs/uploads/");
        URI location;
        try (Answer opened = conversation.ask(endpoint, post(upload), scope)) {
            if (opened.status() != HttpURLConnection.HTTP_ACCEPTED) {
                throw RegistryProblems.of(deed, endpoint, opened);
            }
            location = location(deed, endpoint, opened);
        }
        String query = location.getRawQuery() == null ? "?" : "&";
        URI whole = URI.create(location + query + "digest=" + encoded(digest));
        return conversation.once(endpoint, Ask.of("PUT", whole).with(new Ask.Body(size, source, true)), scope);
    }

    /**
     * Asks the registry to take a blob from another repository of its own.
     *
     * @return false where it will not; what it opened instead is ended
     */
    boolean mount(String deed, Endpoint endpoint, Repository to, String digest, Repository from, String scope)
            throws IOException {
        URI uri = endpoint.at(to.path() + "/blobs/uploads/?mount=" + encoded(digest) + "&from=" + encoded(from.path()));
        try (Answer answer = conversation.ask(endpoint, post(uri), scope)) {
            if (answer.status() == HttpURLConnection.HTTP_CREATED) {
                return true;
            }
            if (answer.status() != HttpURLConnection.HTTP_ACCEPTED) {
                throw RegistryProblems.of(deed, endpoint, answer);
            }
            cancel(endpoint, location(deed, endpoint, answer), scope);
            return false;
        }
    }

    private void cancel(Endpoint endpoint, URI location, String scope) {
        try {
            conversation.once(endpoint, Ask.of("DELETE", location), scope).close();
        } catch (IOException | Problem e) {
            // It is ended by the registry's own time-out instead.
            return;
        }
    }

    /** @return the digest the registry keeps it under */
    String manifest(String deed, Endpoint endpoint, Repository repository, String reference, String mediaType,
            byte[] bytes, String scope) throws IOException {
        Ask ask = Ask.of("PUT", endpoint.manifest(repository, reference)).with("Content-Type", mediaType)
                .with(Ask.Body.of(bytes));
        try (Answer answer = conversation.ask(endpoint, ask, scope)) {
            if (!answer.ok()) {
                throw RegistryProblems.of(deed, endpoint, answer);
            }
            String digest = answer.header("docker-content-digest").orElse("");
            String mine = Digests.of(digest, bytes);
            if (!digest.isEmpty() && !digest.equals(mine)) {
                throw new SystemFailure(deed, "the registry '" + endpoint.name() + "' keeps something else: "
                        + RegistryProblems.clean(digest) + " and not " + mine, "ask its owner");
            }
            return mine;
        }
    }

    private static Ask post(URI uri) {
        return Ask.of("POST", uri).with(Ask.Body.of(new byte[0]));
    }

    /**
     * Where the upload goes on. A registry behind a proxy may not know its own scheme: what is at its host is asked for
     * as the registry is.
     */
    private static URI location(String deed, Endpoint endpoint, Answer answer) {
        String told = answer.header("location").orElse("");
        try {
            URI location = answer.uri().resolve(told);
            if (!told.isEmpty() && location.getHost() != null) {
                return location.getHost().equalsIgnoreCase(endpoint.base().getHost())
                        && !Endpoint.sameOrigin(location, endpoint.base())
                        ? endpoint.base().resolve(location.getRawPath() + (location.getRawQuery() == null
                                ? ""
                                : "?" + location.getRawQuery()))
                        : location;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new SystemFailure(deed, "the registry '" + endpoint.name() + "' does not say where to send it",
                "check that it is a registry");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
