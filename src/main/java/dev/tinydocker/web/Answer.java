package dev.tinydocker.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What a browser or a program is told.
 *
 * @param sent is called when nobody needs the body any more
 */
record Answer(int status, String type, PageBuffer body, Runnable sent) {

    static final int OK = 200;
    static final int ACCEPTED = 202;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    static final int CONFLICT = 409;
    static final int MISDIRECTED = 421;
    static final int FAILED = 500;
    static final int BUSY = 503;

    /** Methods that read: of the second the headers are all. */
    static final List<String> READING = List.of("GET", "HEAD");

    /**
     * Whatever a container has put into a page stays text: no script but our files', no markup from strings, nothing
     * from elsewhere, no frame around it, no word of where we are to others.
     */
    private static final Map<String, String> HEADERS = Map.of("Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'", "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY", "Referrer-Policy", "no-referrer", "Cross-Origin-Resource-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin", "Cache-Control", "no-store");

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    Answer(int status, String type, byte[] body) {
        this(status, type, new PageBuffer(body), () -> {
        });
    }

    static Answer text(int status, String line) {
        return new Answer(status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Refuses a method, and names those that are answered: RFC 9110, 15.5.6. */
    static Answer only(HttpExchange exchange, List<String> methods) {
        exchange.getResponseHeaders().set("Allow", String.join(", ", methods));
        return text(METHOD_NOT_ALLOWED, "this is answered to " + String.join(" and ", methods) + " alone");
    }

    static Answer json(Object value) {
        return json(MAPPER.writeValueAsBytes(value));
    }

    /** What is written as JSON already. */
    static Answer json(byte[] written) {
        return new Answer(OK, "application/json", written);
    }

    static Answer of(Problem problem) {
        int status = switch (problem) {
            case NotFound _ -> NOT_FOUND;
            case Conflict _ -> CONFLICT;
            case InvalidRequest _ -> BAD_REQUEST;
            case HostLacks _, SystemFailure _, CannotExecute _ -> FAILED;
        };
        return text(status, problem.line());
    }

    /** The same, and something more is done when nobody needs the body any more. */
    Answer then(Runnable next) {
        return new Answer(status, type, body, () -> {
            sent.run();
            next.run();
        });
    }

    void send(HttpExchange exchange) throws IOException {
        try {
            Headers headers = exchange.getResponseHeaders();
            HEADERS.forEach(headers::set);
            headers.set("Content-Type", type);
            if (exchange.getRequestMethod().equals("HEAD")) {
                headers.set("Content-Length", Integer.toString(body.size()));
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            exchange.sendResponseHeaders(status, body.size() == 0 ? -1 : body.size());
            if (body.size() > 0) {
                body.writeTo(exchange.getResponseBody());
            }
        } finally {
            sent.run();
        }
    }
}
