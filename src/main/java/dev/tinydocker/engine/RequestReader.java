package dev.tinydocker.engine;

import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON of a request by hand: every command begins with it, and Jackson's databind takes three times as long.
 * Names that are not known are skipped.
 */
final class RequestReader {

    private static final JsonFactory JSON = new JsonFactory();

    private final JsonParser parser;
    private int v;
    private @Nullable List<String> argv;
    private @Nullable String cwd;
    private @Nullable Map<String, String> env;
    private Request.@Nullable Terminal tty;
    private @Nullable Long since;

    private RequestReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The request.
     *
     * @throws tools.jackson.core.JacksonException where the bytes are no JSON
     * @throws InvalidRequest where they are other JSON than a request's, or that of another version
     */
    static Request read(byte[] bytes, int offset, int length) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
            parser.nextToken();
            return new RequestReader(parser).request();
        }
    }

    private Request request() {
        expect(JsonToken.START_OBJECT);
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "v" -> {
                    v = integer();
                    Request.check(v);
                }
                case "argv" -> argv = words();
                case "cwd" -> cwd = text();
                case "env" -> env = variables();
                case "tty" -> tty = terminal();
                case "since" -> since = moment();
                default -> parser.skipChildren();
            }
        }
        Request.check(v);
        if (argv == null || cwd == null || !cwd.startsWith("/") || env == null || tty == null) {
            throw new InvalidRequest("understand the client", "argv, cwd, env or tty is missing", "");
        }
        return new Request(v, argv, cwd, env, tty, since);
    }

    private List<String> words() {
        expect(JsonToken.START_ARRAY);
        List<String> words = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            words.add(text());
        }
        return words;
    }

    private Map<String, String> variables() {
        expect(JsonToken.START_OBJECT);
        Map<String, String> variables = HashMap.newHashMap(32);
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            variables.put(name, text());
        }
        return variables;
    }

    private Request.Terminal terminal() {
        expect(JsonToken.START_OBJECT);
        boolean in = false;
        boolean out = false;
        boolean err = false;
        int rows = 0;
        int columns = 0;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "in" -> in = truth();
                case "out" -> out = truth();
                case "err" -> err = truth();
                case "rows" -> rows = integer();
                case "cols" -> columns = integer();
                default -> parser.skipChildren();
            }
        }
        return new Request.Terminal(in, out, err, rows, columns);
    }

    private String text() {
        expect(JsonToken.VALUE_STRING);
        return parser.getString();
    }

    private int integer() {
        expect(JsonToken.VALUE_NUMBER_INT);
        return parser.getIntValue();
    }

    private @Nullable Long moment() {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        expect(JsonToken.VALUE_NUMBER_INT);
        return parser.getLongValue();
    }

    private boolean truth() {
        boolean is = parser.currentToken() == JsonToken.VALUE_TRUE;
        if (!is) {
            expect(JsonToken.VALUE_FALSE);
        }
        return is;
    }

    private void expect(JsonToken token) {
        JsonToken found = parser.currentToken();
        if (found != token) {
            throw new InvalidRequest("understand the client",
                    (found == null ? "nothing" : found) + " where " + token + " was expected", "");
        }
    }
}
