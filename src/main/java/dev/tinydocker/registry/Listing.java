package dev.tinydocker.registry;

import dev.tinydocker.problem.InvalidRequest;
import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists that come page by page; the header {@code Link} of RFC 8288 says where the next one is. */
final class Listing {

    private static final Pattern NEXT = Pattern.compile("<([^<>]*)>\\s*;[^,]*\\brel=\"?next\"?");
    private static final int LONGEST_LINK = 4096;
    private static final int LONGEST_PAGE = 4 << 20;
    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_STRINGS = 100_000;
    private static final int MOST_PAGES = 100;

    private final Conversation conversation;

    Listing(Conversation conversation) {
        this.conversation = conversation;
    }

    /** The strings of all pages; of a list with no end, its beginning. */
    List<String> all(String deed, Endpoint endpoint, String path, String field, String scope) throws IOException {
        List<String> found = new ArrayList<>();
        Optional<URI> page = Optional.of(endpoint.at(path + "?n=1000"));
        int bytes = 0;
        for (int count = 0; count < MOST_PAGES && bytes < MOST_BYTES && found.size() < MOST_STRINGS
                && page.isPresent(); count++) {
            try (Answer answer = conversation.ask(endpoint, Ask.of("GET", page.get()), scope)) {
                if (!answer.ok()) {
                    throw RegistryProblems.of(deed, endpoint, answer);
                }
                byte[] list = answer.bytes(LONGEST_PAGE);
                bytes += list.length;
                found.addAll(Documents.texts(Documents.read(list), field));
                page = next(endpoint, page.get(), answer);
            } catch (JacksonException e) {
                throw new InvalidRequest(deed, "what '" + endpoint.name() + "' answers is no list",
                        "check that it is a registry", e);
            }
        }
        return found;
    }

    static Optional<URI> next(Endpoint endpoint, URI page, Answer answer) {
        for (String link : answer.all("link")) {
            Matcher next = NEXT.matcher(link);
            if (link.length() <= LONGEST_LINK && next.find()) {
                try {
                    return Optional.of(page.resolve(next.group(1)))
                            .filter(uri -> Endpoint.sameOrigin(uri, endpoint.base()));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
