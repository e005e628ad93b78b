package dev.tinydocker.registry;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What registries have, and what they are given. Every failure is a {@link Problem} that names the registry and what it
 * was asked for. May be used by several threads; one that is interrupted hears of it at its next read or wait.
 */
@Service
public class RegistryService {

    private static final int LONGEST_MANIFEST = 4 << 20;
    private static final int MOST_USERS = 16;
    private static final String MANIFESTS = String.join(", ", "application/vnd.oci.image.index.v1+json",
            "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.docker.distribution.manifest.v2+json");

    private final RegistrySettings settings;
    private final Sources sources;
    private final Tokens tokens;
    private final Conversation conversation;
    private final Listing listing;
    private final Uploads uploads;
    private final Search search;
    private final Login login;
    private final @Nullable DockerConfig config;
    private final Map<User, RegistryService> users = new ConcurrentHashMap<>();

    /** Anonymous; see {@link #forUser}. */
    @Autowired
    public RegistryService(RegistrySettings settings) {
        this(settings, Credentials.NONE, Thread::sleep);
    }

    RegistryService(RegistrySettings settings, Credentials credentials, Retry.Pause pause) {
        Http http = new Http(settings);
        this.settings = settings;
        this.sources = new Sources(settings);
        this.tokens = new Tokens(http, settings, credentials);
        this.conversation = new Conversation(http, tokens, new Retry(settings, pause));
        this.listing = new Listing(conversation);
        this.uploads = new Uploads(conversation);
        this.search = new Search(conversation, listing);
        this.config = credentials instanceof DockerConfig kept ? kept : null;
        this.login = new Login(settings, pause, config);
    }

    /** A state of somebody's credentials: tokens that were had with others are not used. */
    private record User(Path file, long changed) {
    }

    /**
     * The same, with the credentials of a user: those in {@code $DOCKER_CONFIG/config.json}, or
     * {@code $HOME/.docker/config.json}, and of the helpers named there, which are run in his environment.
     */
    public RegistryService forUser(Map<String, String> environment) {
        Optional<Path> file = DockerConfig.place(environment);
        if (file.isEmpty()) {
            return this;
        }
        if (users.size() >= MOST_USERS) {
            users.clear();
        }
        User user = new User(file.get(), file.get().toFile().lastModified());
        RegistryService service = users.computeIfAbsent(user, added -> new RegistryService(settings, new DockerConfig(
                file.get(), environment), Thread::sleep));
        if (service.config != null) {
            service.config.in(environment);
        }
        return service;
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
                    throw new InvalidRequest(deed, "the registry '" + endpoint.name()
                            + "' gave a document whose digest is " + digest + " and not "
                            + RegistryProblems.clean(wanted),
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
     * The bytes of a blob, as they come: the caller compares them with the digest. A connection that breaks is made
     * again, a bounded number of times.
     *
     * @param size of the whole blob
     * @param from how many bytes the caller has already
     * @return ends after {@code size - from} bytes; reading throws {@link Problem}. The caller closes it
     */
    public InputStream blob(Repository repository, String digest, long size, long from) {
        String deed = "download '" + Digests.shortened(digest) + "' of '" + repository + "'";
        return new BlobStream(conversation, deed, sources, repository, digest, pull(repository), size, from);
    }

    /** Leaves mirrors alone for a while: what came is not what its digest says. False where none has been asked. */
    public boolean mistrustMirrors(Repository repository) {
        return sources.mistrust(repository);
    }

    /** All tags, in the order of the registry. */
    public List<String> tags(Repository repository) {
        String deed = "list the tags of '" + repository + "'";
        return first(deed, repository, endpoint -> listing.all(deed, endpoint, repository.path() + "/tags/list", "tags",
                pull(repository)));
    }

    /** Whether the registry itself has a blob. */
    public boolean hasBlob(Repository repository, String digest) {
        String deed = "look up '" + Digests.shortened(digest) + "' of '" + repository + "'";
        return put(deed, settings.endpoint(repository.registry()), endpoint -> {
            Ask ask = Ask.of("HEAD", endpoint.blob(repository, digest));
            try (Answer answer = conversation.ask(endpoint, ask, push(repository))) {
                // A place that blobs are fetched from need not answer to HEAD; that one is sent there says enough.
                boolean elsewhere = !Endpoint.sameOrigin(answer.uri(), endpoint.base());
                if (!answer.ok() && !elsewhere && answer.status() != HttpURLConnection.HTTP_NOT_FOUND) {
                    throw RegistryProblems.of(deed, endpoint, answer);
                }
                return answer.status() != HttpURLConnection.HTTP_NOT_FOUND;
            }
        });
    }

    /** Lets a registry take a blob from another repository of its own, unsent; false where it does not. */
    public boolean mountBlob(Repository to, String digest, Repository from) {
        if (!to.registry().equals(from.registry())) {
            return false;
        }
        String deed = "mount '" + Digests.shortened(digest) + "' of '" + from + "' in '" + to + "'";
        return put(deed, settings.endpoint(to.registry()), endpoint -> uploads.mount(deed, endpoint, to, digest, from,
                push(to) + " " + pull(from)));
    }

    /**
     * Sends a blob, several times if need be. The registry refuses what does not have the digest.
     *
     * @param size exactly as many bytes as the source gives
     */
    public void pushBlob(Repository repository, String digest, long size, BlobSource source) {
        String deed = "push '" + Digests.shortened(digest) + "' to '" + repository + "'";
        put(deed, settings.endpoint(repository.registry()), endpoint -> {
            uploads.blob(deed, endpoint, repository, digest, size, source, push(repository));
            return true;
        });
    }

    /**
     * Sends a manifest, whose blobs are there already.
     *
     * @param reference a tag, or the manifest's digest
     * @return its digest
     */
    public String pushManifest(Repository repository, String reference, String mediaType, byte[] bytes) {
        String deed = "push the manifest of '" + repository.with(reference) + "'";
        return put(deed, settings.endpoint(repository.registry()), endpoint -> uploads.manifest(deed, endpoint,
                repository, reference, mediaType, bytes, push(repository)));
    }

    /**
     * Finds repositories by a part of their name.
     *
     * @param term begins with a registry and a slash where another than the default one is asked
     * @param limit how many at most
     * @throws InvalidRequest where it names no registry and there is no default one
     */
    public List<SearchHit> search(String term, int limit) {
        String deed = "search for '" + term + "'";
        int slash = term.indexOf('/');
        String first = slash < 0 ? "" : term.substring(0, slash);
        boolean told = first.contains(".") || first.contains(":") || first.equals("localhost");
        String registry = told ? first : settings.defaultRegistry();
        if (registry.isEmpty()) {
            throw new InvalidRequest(deed, "it names no registry", "begin it with one, as in localhost:5000/"
                    + RegistryProblems.clean(term) + ", or set tiny.registry.default in config/application.yml");
        }
        Repository.checkRegistry(registry);
        String words = told ? term.substring(slash + 1) : term;
        return put(deed, settings.endpoint(registry), endpoint -> search.find(deed, endpoint,
                told ? registry + "/" : "", words, limit));
    }

    /**
     * Keeps a password for a registry where this user keeps passwords, once the registry has accepted it.
     *
     * @param registry empty for the default one
     */
    public void login(String registry, String user, String password) {
        login.keep(registry, user, password);
        tokens.forgetAll();
    }

    /**
     * Forgets it.
     *
     * @return false where none was kept
     */
    public boolean logout(String registry) {
        boolean known = login.forget(registry);
        tokens.forgetAll();
        return known;
    }

    /** A question to one place. */
    @FunctionalInterface
    private interface Question<T> {

        T ask(Endpoint endpoint) throws IOException;
    }

    /** The first answer from the mirrors, or else what the registry itself says. */
    private <T> T first(String deed, Repository repository, Question<T> question) {
        List<Endpoint> places = sources.of(repository.registry());
        for (Endpoint mirror : places.subList(0, places.size() - 1)) {
            try {
                return put(deed, mirror, question);
            } catch (Problem e) {
                sources.passedOver(mirror, e.getMessage(), e instanceof SystemFailure);
            }
        }
        return put(deed, places.getLast(), question);
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

    private static String push(Repository repository) {
        return "repository:" + repository.path() + ":pull,push";
    }

    private static String pull(Repository repository) {
        return "repository:" + repository.path() + ":pull";
    }
}
