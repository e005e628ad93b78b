package dev.tinydocker.registry;

import dev.tinydocker.problem.InvalidRequest;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What config/application.yml says of registries. Read when a registry is first asked for something. */
@Component
public class RegistrySettings {

    /** As shipped: no default registry, no mirror. */
    public static final RegistrySettings SHIPPED = new RegistrySettings("", "", "", "", Duration.ofSeconds(30), 5,
            Duration.ofMinutes(1));

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final Pattern BLANKS = Pattern.compile("[\\s,]+");

    private final String shortNames;
    private final String defaultRegistry;
    private final String plain;
    private final String endpoints;
    private final String mirrors;
    private final Duration timeout;
    private final int attempts;
    private final Duration patience;
    private final Certificates certificates;
    private final Proxies proxies;

    /**
     * @param defaultRegistry of a name without one; empty for none
     * @param plain registries that speak plain HTTP, beside those on this host's loopback addresses
     * @param endpoints {@code REGISTRY=URL}: where a registry answers, if not at its name
     * @param mirrors {@code REGISTRY=URL}, asked before the registry, in this order
     * @param timeout how long to wait for a connection, an answer, or the next byte
     * @param attempts at one request, the first included
     * @param patience the longest wait a registry may ask for
     * @param certificates a directory as Certificates reads it
     * @param httpProxy as Proxies reads it; so are {@code httpsProxy} and {@code noProxy}
     */
    @Autowired
    RegistrySettings(@Value("${tiny.registry.default}") String defaultRegistry,
            @Value("${tiny.registry.plain}") String plain, @Value("${tiny.registry.endpoints}") String endpoints,
            @Value("${tiny.registry.mirrors}") String mirrors, @Value("${tiny.registry.timeout}") Duration timeout,
            @Value("${tiny.registry.attempts}") int attempts,
            @Value("${tiny.registry.patience}") Duration patience,
            @Value("${tiny.registry.certificates}") String certificates, @Value("${tiny.proxy.http}") String httpProxy,
            @Value("${tiny.proxy.https}") String httpsProxy, @Value("${tiny.proxy.none}") String noProxy) {
        this(defaultRegistry, plain, endpoints, mirrors, timeout, attempts, patience,
                new Certificates(Path.of(certificates)), new Proxies(httpProxy, httpsProxy, noProxy, System.getenv()));
    }

    /** Nobody is trusted but those whom Java trusts, and nobody is asked through somebody else. */
    public RegistrySettings(String defaultRegistry, String plain, String endpoints, String mirrors, Duration timeout,
            int attempts, Duration patience) {
        this(defaultRegistry, plain, endpoints, mirrors, timeout, attempts, patience,
                new Certificates(Path.of("/nowhere")), new Proxies("", "", "", Map.of()));
    }

    RegistrySettings(String defaultRegistry, String plain, String endpoints, String mirrors, Duration timeout,
            int attempts, Duration patience, Certificates certificates, Proxies proxies) {
        this.shortNames = defaultRegistry;
        this.defaultRegistry = defaultRegistry.replaceFirst("/.*", "");
        this.plain = plain;
        this.endpoints = endpoints;
        this.mirrors = mirrors;
        this.timeout = timeout;
        this.attempts = Math.max(1, attempts);
        this.patience = patience;
        this.certificates = certificates;
        this.proxies = proxies;
    }

    /** As shipped, for what is no registry: through the proxies of the engine's environment. */
    static RegistrySettings forFiles() {
        return new RegistrySettings("", "", "", "", SHIPPED.timeout, SHIPPED.attempts, SHIPPED.patience,
                SHIPPED.certificates, new Proxies("", "", "", System.getenv()));
    }

    Certificates certificates() {
        return certificates;
    }

    Proxies proxies() {
        return proxies;
    }

    /** The registry of a name without one; empty where there is none. */
    public String defaultRegistry() {
        return defaultRegistry;
    }

    /** What a name without a registry is put behind: a registry, perhaps with a namespace for names of one word. */
    public String shortNames() {
        return shortNames;
    }

    Duration timeout() {
        return timeout;
    }

    int attempts() {
        return attempts;
    }

    Duration patience() {
        return patience;
    }

    /** Where a registry itself answers: what is pushed goes there. */
    Endpoint endpoint(String registry) {
        List<URI> told = urls("tiny.registry.endpoints", endpoints).getOrDefault(registry, List.of());
        URI base = told.isEmpty()
                ? URI.create((speaksPlain(registry) && !certificates.has(registry) ? "http://" : "https://") + registry)
                : told.getFirst();
        return new Endpoint(registry, base, false);
    }

    /** Where a registry's content is asked for: its mirrors first, itself last. */
    List<Endpoint> sources(String registry) {
        List<Endpoint> found = new ArrayList<>();
        urls("tiny.registry.mirrors", mirrors).getOrDefault(registry, List.of())
                .forEach(url -> found.add(new Endpoint(url.getAuthority(), url, true)));
        found.add(endpoint(registry));
        return found;
    }

    /** Whether plain HTTP is good enough for this host, with or without a port: what is sent can be read on the way. */
    boolean speaksPlain(String authority) {
        String host = authority.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
        List<String> told = Arrays.asList(BLANKS.split(plain.strip()));
        return LOOPBACK.matcher(host).matches() || told.contains(authority) || told.contains(host);
    }

    private static Map<String, List<URI>> urls(String key, String pairs) {
        Map<String, List<URI>> found = new LinkedHashMap<>();
        for (String pair : BLANKS.split(pairs.strip())) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                URI url = url(key, pair, pair.substring(equals + 1));
                found.computeIfAbsent(pair.substring(0, Math.max(equals, 0)), name -> new ArrayList<>()).add(url);
            }
        }
        return found;
    }

    private static URI url(String key, String pair, String text) {
        try {
            URI url = URI.create(text.replaceFirst("/+$", ""));
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (pair.indexOf('=') > 0 && http && url.getAuthority() != null && url.getUserInfo() == null
                    && url.getQuery() == null && url.getFragment() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as what is no URL for other reasons.
        }
        throw new InvalidRequest("read " + key + " '" + pair + "'", "it is not of the form REGISTRY=URL",
                "as in hub.example=https://mirror.example; see config/application.yml");
    }
}
