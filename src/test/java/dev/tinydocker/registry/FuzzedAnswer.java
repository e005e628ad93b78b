package dev.tinydocker.registry;

import dev.tinydocker.problem.Printable;
import dev.tinydocker.problem.Problem;
import tools.jackson.core.JacksonException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What {@link AnswerFuzzer} has done with one answer of a registry: its challenge is read, its error is told in one
 * line that a terminal can be given, tokens, lists and documents are read or refused.
 */
public final class FuzzedAnswer {

    private static final Endpoint REGISTRY = new Endpoint("registry.example", URI.create("https://registry.example"),
            false);
    private static final URI PAGE = REGISTRY.at("a/tags/list?n=1000");
    private static final int[] STATES = { 400, 401, 403, 404, 413, 429, 500, 503, 302, 200 };

    private FuzzedAnswer() {
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        byte[] body = Arrays.copyOfRange(bytes, 2, bytes.length);
        String text = new String(body, StandardCharsets.UTF_8);
        switch (bytes[0] & 3) {
            case 0 -> challenges(text);
            case 1 -> error(STATES[(bytes[1] & 0xff) % STATES.length], body, text);
            case 2 -> token(body);
            default -> list(body, text);
        }
    }

    private static Answer answer(int status, Map<String, List<String>> headers, byte[] body) {
        return new Answer(PAGE, status, headers, new ByteArrayInputStream(body));
    }

    private static void challenges(String header) {
        for (Challenge challenge : Challenge.parse(List.of(header, "Basic realm=\"x\""))) {
            check(!challenge.scheme().isEmpty());
            try {
                URI realm = Tokens.realm(challenge.parameter("realm").orElse(""));
                check(!realm.getHost().isEmpty() && realm.getUserInfo() == null);
            } catch (Tokens.Refused e) {
                check(e.status() == 0);
            }
        }
    }

    private static void error(int status, byte[] body, String text) {
        Problem problem = RegistryProblems.of("pull 'x'", REGISTRY, answer(status, Map.of("retry-after",
                List.of(text), "content-length", List.of(text)), body));
        check(problem.line().equals(Printable.line(problem.line())) && problem.line().length() < 2000);
    }

    private static void token(byte[] body) {
        try {
            Tokens.Token token = Tokens.read(body);
            check(token.text().chars().allMatch(c -> c > ' ' && c < 0x7f));
            check(token.life().toSeconds() >= 60 && token.life().toDays() <= 1);
        } catch (Tokens.Refused e) {
            check(e.status() == 0);
        }
    }

    private static void list(byte[] body, String text) {
        Listing.next(REGISTRY, PAGE, answer(200, Map.of("link", List.of(text)), body))
                .ifPresent(next -> check(Endpoint.sameOrigin(next, PAGE)));
        check(Documents.mediaType(answer(200, Map.of("content-type", List.of(text)), body), body) != null);
        try (Answer answer = answer(200, Map.of("content-length", List.of(text)), body)) {
            Documents.texts(Documents.read(answer.bytes(1 << 20)), "tags").forEach(tag -> check(tag != null));
        } catch (JacksonException | IOException e) {
            check(e.getMessage() != null);
        }
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError("what was read cannot be worked with");
        }
    }
}
