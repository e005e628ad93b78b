package dev.tinydocker.registry;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;

/** Asks a registry until it answers for good: it is convinced of who asks, and a fault that may pass is waited out. */
final class Conversation {

    private final Http http;
    private final Tokens tokens;
    private final Retry retry;

    Conversation(Http http, Tokens tokens, Retry retry) {
        this.http = http;
        this.tokens = tokens;
        this.retry = retry;
    }

    Retry retry() {
        return retry;
    }

    /** How often a place is asked for the same thing; for a mirror there is another one. */
    int attempts(Endpoint endpoint) {
        return endpoint.mirror() ? 1 : retry.attempts();
    }

    /**
     * Asks.
     *
     * @param scope what the request needs a right to; see {@link Tokens#answer}
     * @return an answer that no further attempt would change, or that the last attempt gave; the caller closes it
     */
    Answer ask(Endpoint endpoint, Ask ask, String scope) throws IOException {
        return ask(endpoint, ask, scope, false);
    }

    /** Asks; {@code begun} where the registry has answered a moment ago. */
    Answer ask(Endpoint endpoint, Ask ask, String scope, boolean begun) throws IOException {
        for (int attempt = 1;; attempt++) {
            Duration wait;
            try {
                Answer answer = once(endpoint, ask, scope);
                Optional<Duration> after = retry.after(answer, attempt);
                if (after.isEmpty() || attempt >= attempts(endpoint)) {
                    return answer;
                }
                answer.close();
                wait = after.get();
            } catch (IOException e) {
                Optional<Duration> after = retry.after(e, attempt, begun);
                if (after.isEmpty() || attempt >= attempts(endpoint)) {
                    throw e;
                }
                wait = after.get();
            }
            retry.pause(wait);
        }
    }

    /**
     * Asks once, and once more with an answer to the challenge. What is not the registry's own address hears no secret.
     */
    Answer once(Endpoint endpoint, Ask ask, String scope) throws IOException {
        if (!Endpoint.sameOrigin(ask.uri(), endpoint.base())) {
            return http.follow(ask);
        }
        Optional<String> known = tokens.known(endpoint, scope);
        Answer answer = http.follow(known.map(header -> ask.with("Authorization", header)).orElse(ask));
        // Whoever the request was redirected to has no business with these credentials.
        if (answer.status() != HttpURLConnection.HTTP_UNAUTHORIZED
                || !Endpoint.sameOrigin(ask.uri(), answer.uri())) {
            return answer;
        }
        tokens.forget(endpoint, scope);
        Optional<String> better = better(endpoint, answer, scope).filter(header -> known.isEmpty()
                || !header.equals(known.get()));
        if (better.isEmpty()) {
            return answer;
        }
        answer.close();
        Answer second = http.follow(ask.with("Authorization", better.get()));
        if (second.status() == HttpURLConnection.HTTP_UNAUTHORIZED) {
            tokens.forget(endpoint, scope);
        }
        return second;
    }

    /** What the challenge of an answer is answered with; where that fails, the answer is closed. */
    private Optional<String> better(Endpoint endpoint, Answer answer, String scope) throws IOException {
        try {
            return tokens.answer(endpoint, Challenge.parse(answer.all("www-authenticate")), scope);
        } catch (IOException | RuntimeException e) {
            answer.close();
            throw e;
        }
    }
}
