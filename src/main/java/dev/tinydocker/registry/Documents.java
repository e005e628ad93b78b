package dev.tinydocker.registry;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** JSON as registries write it: what is missing or of another type is as if it were not there. */
final class Documents {

    /** Names and values of one document: a page of a list has a thousand. Two bytes of it can be seventy in memory. */
    private static final long MOST_TOKENS = 100_000;

    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build()).build()).build();

    private Documents() {
    }

    /** @throws JacksonException where it is no JSON */
    static JsonNode read(byte[] bytes) {
        JsonNode document = JSON.readTree(bytes);
        return document == null ? JSON.createObjectNode() : document;
    }

    static Optional<String> text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    /** What a manifest is: as the registry says, or else as it says itself. */
    static String mediaType(Answer answer, byte[] bytes) {
        String told = answer.header("content-type").orElse("").replaceFirst("\\s*;.*", "").strip();
        if (!told.isEmpty() && !told.equals("application/json") && !told.equals("application/octet-stream")
                && !told.startsWith("text/")) {
            return told;
        }
        try {
            return text(read(bytes), "mediaType").orElse(told);
        } catch (JacksonException e) {
            return told;
        }
    }

    /** The strings in an array. */
    static List<String> texts(JsonNode object, String field) {
        List<String> found = new ArrayList<>();
        for (JsonNode element : object.path(field)) {
            if (element.isString()) {
                found.add(element.stringValue());
            }
        }
        return found;
    }
}
