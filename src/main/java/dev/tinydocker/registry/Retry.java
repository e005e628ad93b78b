package dev.tinydocker.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLException;

/** When a request is worth another attempt, and how long to wait before it: twice as long each time, by chance less. */
final class Retry {

    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final RegistrySettings settings;
    private final Pause pause;

    Retry(RegistrySettings settings, Pause pause) {
        this.settings = settings;
        this.pause = pause;
    }

    /** Waits; a test does not. */
    @FunctionalInterface
    interface Pause {

        void of(Duration time) throws InterruptedException;
    }

    int attempts() {
        return settings.attempts();
    }

    /**
     * Whether the same request may fare better in a moment.
     *
     * @param begun whether this registry has answered before: then it is one that restarts, and not a wrong name
     */
    static boolean mayPass(IOException e, boolean begun) {
        return switch (e) {
            case Answer.TooLong never -> false;
            case Http.Unreadable never -> false;
            case SSLException never -> begun;
            case UnknownHostException unknown -> begun;
            case ConnectException refused -> begun;
            case InterruptedIOException late when !(late instanceof java.net.SocketTimeoutException) -> false;
            default -> true;
        };
    }

    /** How long to wait before the next attempt, where this answer is worth one. */
    Optional<Duration> after(Answer answer, int attempt) {
        return after(answer.status(), answer.retryAfter(), attempt);
    }

    /** The same, where none was had; that of a server of tokens counts as the registry's. See {@link #mayPass}. */
    Optional<Duration> after(IOException e, int attempt, boolean begun) {
        if (e instanceof Tokens.Refused refused) {
            return after(refused.status(), refused.retryAfter(), attempt);
        }
        return attempt < attempts() && mayPass(e, begun) ? Optional.of(backOff(attempt)) : Optional.empty();
    }

    private Optional<Duration> after(int status, String retryAfter, int attempt) {
        if (!PASSING.contains(status) || attempt >= attempts()) {
            return Optional.empty();
        }
        Optional<Duration> told = parse(retryAfter);
        if (told.isPresent()) {
            return told.filter(wait -> wait.compareTo(settings.patience()) <= 0);
        }
        return Optional.of(backOff(attempt));
    }

    /** @param attempt the one that failed, from 1 */
    static Duration backOff(int attempt) {
        long most = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(attempt - 1, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }

    /** @throws InterruptedIOException where somebody does not want to wait any more; the thread is interrupted again */
    void pause(Duration time) throws InterruptedIOException {
        try {
            pause.of(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("the wait was interrupted").initCause(e);
        }
    }

    /** Seconds, or a date of HTTP: RFC 9110 section 10.2.3. */
    private static Optional<Duration> parse(String text) {
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            Duration left = Duration.between(Instant.now(), then);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
