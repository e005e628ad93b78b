package dev.tinydocker.registry;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is sent as Authorization, and how it is come by: a token for each scope, or name and password. A registry names
 * the server that gives tokens for it; whatever it names, only the credentials kept for this registry are sent there,
 * and only where they cannot be read on the way.
 */
final class Tokens {

    private static final int LONGEST_ANSWER = 1 << 20;
    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(60);

    private final Http http;
    private final RegistrySettings settings;
    private final Credentials credentials;
    private final Map<Key, Authorization> known = new ConcurrentHashMap<>();

    Tokens(Http http, RegistrySettings settings, Credentials credentials) {
        this.http = http;
        this.settings = settings;
        this.credentials = credentials;
    }

    private record Key(URI base, String scope) {
    }

    private record Authorization(String header, long until) {
    }

    /** The server that gives tokens did not. */
    static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final String retryAfter;

        Refused(String message) {
            super(message);
            this.status = 0;
            this.retryAfter = "";
        }

        Refused(Answer answer) {
            super(RegistryProblems.said(answer));
            this.status = answer.status();
            this.retryAfter = answer.retryAfter();
        }

        /** Its answer; 0 where it was not even asked. */
        int status() {
            return status;
        }

        /** When it wants to be asked again; empty where it does not say. */
        String retryAfter() {
            return retryAfter;
        }
    }

    /** What was good enough the last time, if it still is. */
    Optional<String> known(Endpoint endpoint, String scope) {
        Authorization last = known.get(new Key(endpoint.base(), scope));
        return last == null || last.until() - System.nanoTime() <= 0 ? Optional.empty() : Optional.of(last.header());
    }

    void forget(Endpoint endpoint, String scope) {
        known.remove(new Key(endpoint.base(), scope));
    }

    void forgetAll() {
        known.clear();
    }

    /**
     * Answers a challenge.
     *
     * @param scope of the request, as in {@code repository:library/alpine:pull}, several parted by blanks; empty takes
     *     what the challenge says
     * @return empty where there is nothing to answer with
     */
    Optional<String> answer(Endpoint endpoint, List<Challenge> challenges, String scope) throws IOException {
        Optional<Credential> credential = credentials.find(endpoint.account());
        for (Challenge challenge : challenges) {
            if (challenge.scheme().equals("bearer") && challenge.parameter("realm").isPresent()) {
                return Optional.of(bearer(endpoint, challenge, scope, credential.orElse(null)));
            }
            if (challenge.scheme().equals("basic") && credential.isPresent()
                    && !credential.get().isIdentityToken()) {
                String header = credential.get().basic();
                known.put(new Key(endpoint.base(), scope), new Authorization(header, Long.MAX_VALUE / 2
                        + System.nanoTime()));
                return Optional.of(header);
            }
        }
        return Optional.empty();
    }

    private String bearer(Endpoint endpoint, Challenge challenge, String scope, @Nullable Credential credential)
            throws IOException {
        URI realm = realm(challenge.parameter("realm").orElseThrow());
        boolean confidential = realm.getScheme().equals("https")
                || endpoint.base().getScheme().equals("http") && settings.speaksPlain(realm.getAuthority());
        if (credential != null && !confidential) {
            throw new Refused("it wants the password sent to '" + realm.getAuthority() + "' over plain HTTP");
        }
        Set<String> scopes = new LinkedHashSet<>(List.of((scope.isEmpty()
                ? challenge.parameter("scope").orElse("")
                : scope).split(" ")));
        scopes.remove("");
        Ask ask = credential != null && credential.isIdentityToken()
                ? refresh(realm, challenge, scopes, credential)
                : get(realm, challenge, scopes, credential);
        try (Answer answer = http.follow(ask)) {
            if (!answer.ok()) {
                throw new Refused(answer);
            }
            return keep(endpoint, scope, answer.bytes(LONGEST_ANSWER));
        }
    }

    static URI realm(String text) throws Refused {
        try {
            URI realm = URI.create(text);
            if (("https".equals(realm.getScheme()) || "http".equals(realm.getScheme())) && realm.getHost() != null
                    && realm.getUserInfo() == null) {
                return realm;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new Refused("it names no address where a token can be had");
    }

    private static Ask get(URI realm, Challenge challenge, Set<String> scopes, @Nullable Credential credential) {
        StringJoiner query = new StringJoiner("&", realm.getRawQuery() == null ? "?" : "&", "").setEmptyValue("");
        challenge.parameter("service").ifPresent(service -> query.add("service=" + encoded(service)));
        scopes.forEach(scope -> query.add("scope=" + encoded(scope)));
        if (credential != null) {
            query.add("account=" + encoded(credential.user()));
        }
        Ask ask = Ask.of("GET", URI.create(realm + query.toString()));
        return credential == null ? ask : ask.with("Authorization", credential.basic());
    }

    private static Ask refresh(URI realm, Challenge challenge, Set<String> scopes, Credential credential) {
        String form = "grant_type=refresh_token&client_id=tiny-docker&refresh_token=" + encoded(credential.secret())
                + "&service=" + encoded(challenge.parameter("service").orElse("")) + "&scope="
                + encoded(String.join(" ", scopes));
        return Ask.of("POST", realm).with("Content-Type", "application/x-www-form-urlencoded")
                .with(Ask.Body.of(form.getBytes(StandardCharsets.UTF_8)));
    }

    private String keep(Endpoint endpoint, String scope, byte[] json) throws Refused {
        Token token = read(json);
        // A tenth less: the clock has run since the token was made.
        known.put(new Key(endpoint.base(), scope), new Authorization("Bearer " + token.text,
                System.nanoTime() + token.life.toNanos() / 10 * 9));
        return "Bearer " + token.text;
    }

    /** What the server gave, and how long it is good for. */
    record Token(String text, Duration life) {
    }

    static Token read(byte[] json) throws Refused {
        try {
            JsonNode document = Documents.read(json);
            String token = Documents.text(document, "token").or(() -> Documents.text(document, "access_token"))
                    .filter(text -> text.chars().allMatch(c -> c > ' ' && c < 0x7f)).orElse("");
            if (!token.isEmpty()) {
                long seconds = Math.clamp(document.path("expires_in").asLong(0), SHORTEST_LIFE.toSeconds(),
                        Duration.ofDays(1).toSeconds());
                return new Token(token, Duration.ofSeconds(seconds));
            }
        } catch (JacksonException e) {
            // Said below.
        }
        throw new Refused("the server that gives tokens for it gave none");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
