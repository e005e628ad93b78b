package dev.tinydocker.web;

import com.sun.net.httpserver.HttpExchange;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The dashboard: files of its page, and what the page asks. Who has no token sees what metrics tell anybody on this
 * host anyway; what a container was told to do, has written, and looks like from inside may hold secrets, and is for
 * those with the token, as everything that changes something.
 *
 *     GET  /                              the page, and its files
 *     GET  /api/containers                what runs; with the token all containers, and more of each
 *     GET  /api/containers/ID/logs        the last lines, or those after a moment     token
 *     GET  /api/containers/ID/anatomy     what it is made of                          token
 *     POST /api/containers/ID/DEED        stop, kill, remove                          token
 */
@Component
final class Dashboard {

    private static final Pattern OF_ONE = Pattern.compile("/api/containers/([0-9a-f]{64})/([a-z]+)");
    /** How many with the token may read at a time, what takes a while to find too. */
    private static final int READERS = 16;
    /** How many without it: whoever they are, they neither fill the engine's memory nor keep those with it waiting. */
    private static final int STRANGERS = 4;

    private final Token token = new Token();
    private final PageFiles files = new PageFiles();
    private final Turns readers = new Turns(READERS);
    private final Turns strangers = new Turns(STRANGERS);
    private final ContainerList list;
    private final LogPage logs;
    private final AnatomyPage anatomies;
    private final Deeds deeds;

    Dashboard(ContainerList list, LogPage logs, AnatomyPage anatomies, Deeds deeds) {
        this.list = list;
        this.logs = logs;
        this.anatomies = anatomies;
        this.deeds = deeds;
    }

    Token token() {
        return token;
    }

    Answer answer(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (!path.startsWith("/api/")) {
            return Answer.READING.contains(method) ? files.find(path) : Answer.only(exchange, Answer.READING);
        }
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        boolean trusted = token.isIn(authorization);
        if (authorization != null && !trusted) {
            return Answer.text(Answer.UNAUTHORIZED,
                    "this token is not, or no more, the engine's; see 'tiny dashboard'");
        }
        if (path.equals("/api/containers") && method.equals("GET")) {
            return (trusted ? readers : strangers).take(() -> list.answer(trusted));
        }
        Matcher one = OF_ONE.matcher(path);
        if (!one.matches()) {
            return Answer.text(Answer.NOT_FOUND, "there is no such page");
        }
        if (!trusted) {
            return Answer.text(Answer.UNAUTHORIZED, "this takes the token that 'tiny dashboard' prints");
        }
        return ofOne(exchange, method, one.group(1), one.group(2));
    }

    private Answer ofOne(HttpExchange exchange, String method, String id, String what) {
        if (method.equals("POST")) {
            return deeds.answer(id, what);
        }
        if (!method.equals("GET")) {
            return Answer.only(exchange, List.of("GET", "POST"));
        }
        return switch (what) {
            case "logs" -> readers.take(() -> logs.answer(id, exchange.getRequestURI().getQuery()));
            case "anatomy" -> readers.take(() -> anatomies.answer(id));
            default -> Answer.text(Answer.NOT_FOUND, "there is no such page");
        };
    }
}
