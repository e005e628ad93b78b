package dev.tinydocker.registry;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;

/**
 * What registries have, and what they are given. Every failure is a {@link Problem} that names the registry and what it was
 * asked for. May be used by several threads; one that is interrupted hears of it at its next read or wait.
 */
@Service
public class RegistryService {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryService.class);
    private static final int LONGEST_MANIFEST = 4 << 20;
    private static final String MANIFESTS = String.join(", ", "application/vnd.oci.image.index.v1+json",
            "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.docker.distribution.manifest.v2+json");

    private final RegistrySettings settings;
    private final Conversation conversation;
    private final Listing listing;

    @Autowired
    public RegistryService(RegistrySettings settings) {
        this(settings, Credentials.NONE, Thread::sleep);
    }

    RegistryService(RegistrySettings settings, Credentials credentials, Retry.Pause pause) {
        Http http = new Http(settings);
        this.settings = settings;
        this.conversation = new Conversation(http, new Tokens(http, settings, credentials), new Retry(settings, pause));
        this.listing = new Listing(conversation);
    }

    /**
     * A manifest or an index, of OCI or Docker; what it says is for the caller to judge.
     *
     * @throws NotFound where there is none by that name
     * @throws InvalidRequest where its bytes are not those the digest stands for
     */
    public RemoteManifest manifest(Repository repository, String tagOrDigest) {
        String deed = "get the manifest of '" + repository.with(tagOrDigest) + "'";
        return first(deed, repository, endpoint -> {
            Ask ask = Ask.of("GET", endpoint.manifest(repository, tagOrDigest)).with("Accept", MANIFESTS);
            try (Answer answer = ask(deed, endpoint, ask, pull(repository))) {
                byte[] bytes = answer.bytes(LONGEST_MANIFEST);
                String wanted = tagOrDigest.contains(":")
                        ? tagOrDigest
                        : answer.header("docker-content-digest").orElse("");
                String digest = Digests.of(wanted, bytes);
                if (!wanted.isEmpty() && !wanted.equals(digest)) {
                    throw new InvalidRequest(deed, "the registry '" + endpoint.name() + "' gave a document whose digest is "
                            + digest + " and not " + RegistryProblems.clean(wanted),
                            "its content is damaged, or somebody has changed it on the way");
                }
                return new RemoteManifest(Documents.mediaType(answer, bytes), digest, bytes);
            }
        });
    }

    /** What a tag stands for now; empty where there is no such tag. */
    public Optional<String> digest(Repository repository, String tag) {
        String deed = "look up '" + repository.with(tag) + "'";
        try {
            return Optional.of(first(deed, repository, endpoint -> {
                Ask ask = Ask.of("HEAD", endpoint.manifest(repository, tag)).with("Accept", MANIFESTS);
                try (Answer answer = ask(deed, endpoint, ask, pull(repository))) {
                    return answer.header("docker-content-digest").filter(Digests::known).orElse("");
                }
            })).map(digest -> digest.isEmpty() ? manifest(repository, tag).digest() : digest);
        } catch (NotFound e) {
            if (e.getCause() != null) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /**
     * The bytes of a blob, as they come: the caller compares them with the digest. A connection that breaks is made again,
     * a bounded number of times.
     *
     * @param size of the whole blob
     * @param from how many bytes the caller has already
     * @return ends after {@code size - from} bytes; reading throws {@link Problem}. The caller closes it
     */
    public InputStream blob(Repository repository, String digest, long size, long from) {
        String deed = "download '" + Digests.shortened(digest) + "' of '" + repository + "'";
        return new BlobStream(conversation, deed, settings.sources(repository.registry()), repository, digest,
                pull(repository), size, from);
    }

    /** All tags, in the order of the registry. */
    public List<String> tags(Repository repository) {
        String deed = "list the tags of '" + repository + "'";
        return first(deed, repository, endpoint -> listing.all(deed, endpoint, repository.path() + "/tags/list", "tags",
                pull(repository)));
    }

    /** A question to one place. */
    @FunctionalInterface
    private interface Question<T> {

        T ask(Endpoint endpoint) throws IOException;
    }

    /** The first answer from the mirrors, or else what the registry itself says. */
    private <T> T first(String deed, Repository repository, Question<T> question) {
        List<Endpoint> sources = settings.sources(repository.registry());
        for (Endpoint mirror : sources.subList(0, sources.size() - 1)) {
            try {
                return put(deed, mirror, question);
            } catch (Problem e) {
                LOG.info("a mirror of '{}' is passed over: {}", repository.registry(), e.line());
            }
        }
        return put(deed, sources.getLast(), question);
    }

    private static <T> T put(String deed, Endpoint endpoint, Question<T> question) {
        try {
            return question.ask(endpoint);
        } catch (IOException e) {
            throw RegistryProblems.of(deed, endpoint, e);
        }
    }

    private Answer ask(String deed, Endpoint endpoint, Ask ask, String scope) throws IOException {
        Answer answer = conversation.ask(endpoint, ask, scope);
        if (answer.status() != HttpURLConnection.HTTP_OK) {
            try (answer) {
                throw RegistryProblems.of(deed, endpoint, answer);
            }
        }
        return answer;
    }

    private static String pull(Repository repository) {
        return "repository:" + repository.path() + ":pull";
    }
}
