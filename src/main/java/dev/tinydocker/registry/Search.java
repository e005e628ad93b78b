package dev.tinydocker.registry;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds repositories: by the registry's own search where it has one, or else in the list of all it has. */
final class Search {

    private static final int LONGEST = 1 << 20;

    private final Conversation conversation;
    private final Listing listing;

    Search(Conversation conversation, Listing listing) {
        this.conversation = conversation;
        this.listing = listing;
    }

    /** @param prefix of the names, so that what is found can be pulled */
    List<SearchHit> find(String deed, Endpoint endpoint, String prefix, String term, int limit) throws IOException {
        Optional<List<SearchHit>> found = asked(endpoint, prefix, term, limit);
        if (found.isPresent()) {
            return found.get();
        }
        String wanted = term.toLowerCase(Locale.ROOT);
        return listing.all(deed, endpoint, "_catalog", "repositories", "").stream()
                .filter(name -> name.contains(wanted)).limit(limit)
                .map(name -> new SearchHit(prefix + RegistryProblems.clean(name), "", 0, false)).toList();
    }

    private Optional<List<SearchHit>> asked(Endpoint endpoint, String prefix, String term, int limit)
            throws IOException {
        URI uri = URI.create(endpoint.base() + "/v1/search?q=" + URLEncoder.encode(term, StandardCharsets.UTF_8) + "&n="
                + limit);
        try (Answer answer = conversation.ask(endpoint, Ask.of("GET", uri), "")) {
            JsonNode document = answer.ok() ? Documents.read(answer.bytes(LONGEST)) : Documents.JSON.createObjectNode();
            if (!document.path("results").isArray()) {
                return Optional.empty();
            }
            List<SearchHit> hits = new ArrayList<>();
            for (JsonNode result : document.path("results")) {
                hits.add(new SearchHit(prefix + text(result, "name"), text(result, "description"),
                        result.path("star_count").asInt(0), result.path("is_official").asBoolean(false)));
            }
            return Optional.of(hits.stream().limit(limit).toList());
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static String text(JsonNode result, String field) {
        return RegistryProblems.clean(Documents.text(result, field).orElse(""));
    }
}
