package dev.tinydocker.registry;

import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What goes wrong with a registry, in words of users. */
final class RegistryProblems {

    private static final int LONGEST = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;

    private RegistryProblems() {
    }

    /** An answer that says no. */
    static Problem of(String deed, Endpoint endpoint, Answer answer) {
        return of(deed, endpoint, answer.status(), said(answer), answer.retryAfter(), null);
    }

    private static Problem of(String deed, Endpoint endpoint, int status, String said, String retryAfter,
            @Nullable Throwable cause) {
        String registry = cause instanceof Tokens.Refused
                ? "the server of tokens for '" + endpoint.name() + "' "
                : "the registry '" + endpoint.name() + "' ";
        String words = said.isEmpty() ? "" : ": " + said;
        return switch (status) {
            case BAD_REQUEST -> new InvalidRequest(deed, registry + "finds fault with it (status 400)" + words,
                    said.isEmpty() ? "if it speaks HTTPS on that port, say so in tiny.registry.endpoints" : "", cause);
            case UNAUTHORIZED -> new InvalidRequest(deed, registry + "wants to know who asks (status 401)" + words,
                    "log in with: tiny login " + endpoint.account()
                            + "; a name that is misspelled may be the cause too", cause);
            case FORBIDDEN -> new InvalidRequest(deed, registry + "does not allow it (status 403)" + words,
                    "ask its owner for access, or log in as somebody else: tiny login " + endpoint.account(), cause);
            case NOT_FOUND -> new NotFound(deed, registry + "does not have it (status 404)" + words,
                    "check the name and the tag", cause);
            case TOO_LARGE -> new Conflict(deed, registry + "finds it too large (status 413)" + words,
                    "its owner sets the limit", cause);
            case TOO_MANY -> new SystemFailure(deed, registry + "has had too many requests (status 429)" + words,
                    (retryAfter.matches("[0-9]{1,9}") ? "try again in " + retryAfter + " s" : "try again later")
                            + "; it may allow more to who logs in", cause);
            default -> status >= SERVER
                    ? new SystemFailure(deed, registry + "failed (status " + status + ")" + words,
                            "try again later, or see its log", cause)
                    : new SystemFailure(deed, registry + "answers with status " + status + words,
                            "check that it is a registry", cause);
        };
    }

    /** No answer, or half of one. */
    static Problem of(String deed, Endpoint endpoint, IOException e) {
        String registry = "the registry '" + endpoint.name() + "' ";
        String hint = "check the name, and that the registry runs";
        return switch (e) {
            case Tokens.Refused refused when refused.status() > 0 ->
                of(deed, endpoint, refused.status(), reason(refused), refused.retryAfter(), refused);
            case Tokens.Refused refused -> new InvalidRequest(deed, registry + "cannot be trusted: " + reason(refused),
                    "ask its owner", refused);
            case UnknownHostException unknown -> new NotFound(deed,
                    "no host is known as '" + endpoint.base().getHost() + "'",
                    "check the name, and that this host can resolve names", unknown);
            case ConnectException refused -> new SystemFailure(deed, registry + "cannot be reached: "
                    + reason(refused), hint, refused);
            case SocketTimeoutException late -> new SystemFailure(deed, registry + "does not answer in time: "
                    + reason(late), hint + "; see tiny.registry.timeout", late);
            case SSLException insecure -> new HostLacks(deed, registry + "has no secure connection to offer: "
                    + reason(insecure), "if it speaks plain HTTP and you accept that, name it in tiny.registry.plain",
                    insecure);
            case Http.Unreadable local -> new SystemFailure(deed, "what is to be sent cannot be read: "
                    + reason(local.getCause() instanceof IOException io ? io : local), "", local);
            case Answer.TooLong large -> new InvalidRequest(deed, "what the registry '" + endpoint.name()
                    + "' gave is no such thing: " + reason(large), "", large);
            default -> new SystemFailure(deed, "the connection to the registry '" + endpoint.name() + "' broke: "
                    + reason(e), "try again; what has come is kept", e);
        };
    }

    /** What the registry says itself, as one short line that a terminal can be given. */
    static String said(Answer answer) {
        byte[] prose = answer.prose();
        String text = "";
        try {
            JsonNode document = Documents.read(prose);
            JsonNode error = document.path("errors").path(0);
            text = Documents.text(error, "message").or(() -> Documents.text(error, "code"))
                    .or(() -> Documents.text(document, "details")).or(() -> Documents.text(document, "message"))
                    .orElse("");
        } catch (JacksonException e) {
            // A page for browsers, as proxies send them, says nothing that belongs into one line.
            return "";
        }
        return clean(text);
    }

    /** Without what could steer a terminal. */
    static String clean(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }

    private static String reason(IOException e) {
        return clean(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
}
