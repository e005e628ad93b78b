package dev.tinydocker.image;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What an image says of itself and of the containers made from it. Nothing is null but what has no neutral value.
 *
 * @param environment {@code NAME=value}
 * @param diffIds digests of the layers, uncompressed, the lowest first
 */
public record ImageConfig(Instant created, String author, Platform platform, String user, List<String> environment,
        List<String> entrypoint, List<String> command, String workingDirectory, List<String> volumes,
        List<String> exposedPorts, Map<String, String> labels, @Nullable String stopSignal,
        @Nullable Healthcheck healthcheck, List<String> diffIds, List<History> history) {

    /** How an image's health is looked at. Durations are nanoseconds; 0 is the default. */
    public record Healthcheck(@JsonProperty("Test") @Nullable List<String> test,
            @JsonProperty("Interval") long interval, @JsonProperty("Timeout") long timeout,
            @JsonProperty("StartPeriod") long startPeriod, @JsonProperty("StartInterval") long startInterval,
            @JsonProperty("Retries") int retries) {
    }

    /** One step of an image's making; an empty one has no layer. */
    public record History(@Nullable String created, @JsonProperty("created_by") @Nullable String createdBy,
            @Nullable String author, @Nullable String comment, @JsonProperty("empty_layer") boolean emptyLayer) {
    }

    private record Inner(@JsonProperty("User") @Nullable String user, @JsonProperty("Env") @Nullable List<String> env,
            @JsonProperty("Entrypoint") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            @Nullable List<String> entrypoint,
            @JsonProperty("Cmd") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            @Nullable List<String> cmd,
            @JsonProperty("WorkingDir") @Nullable String workingDir,
            @JsonProperty("Volumes") @Nullable Map<String, Object> volumes,
            @JsonProperty("ExposedPorts") @Nullable Map<String, Object> exposedPorts,
            @JsonProperty("Labels") @Nullable Map<String, String> labels,
            @JsonProperty("StopSignal") @Nullable String stopSignal,
            @JsonProperty("Healthcheck") @Nullable Healthcheck healthcheck) {
    }

    private record Rootfs(@Nullable String type, @JsonProperty("diff_ids") @Nullable List<String> diffIds) {
    }

    private record Document(@Nullable String created, @Nullable String author, @Nullable String os,
            @Nullable String architecture, @Nullable String variant, @Nullable Inner config, @Nullable Rootfs rootfs,
            @Nullable List<History> history) {
    }

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-01T00:00:00Z");
    private static final Inner EMPTY = new Inner(null, null, null, null, null, null, null, null, null, null);

    /**
     * Reads an image's configuration.
     *
     * @param what the deed and its object, for the error
     * @throws InvalidRequest where it is none
     */
    static ImageConfig parse(String what, byte[] json) {
        Document document;
        try {
            document = Manifest.JSON.readValue(json, Document.class);
        } catch (JacksonException e) {
            throw new InvalidRequest(what, "its configuration is no JSON of that kind", "", e);
        }
        if (document == null || document.rootfs == null || document.rootfs.diffIds == null) {
            throw new InvalidRequest(what, "its configuration does not list its layers", "");
        }
        for (String id : document.rootfs.diffIds) {
            if (id == null || !Digest.isValid(id)) {
                throw new InvalidRequest(what, "'" + id + "' in its configuration is no digest of SHA-256", "");
            }
        }
        Inner inner = document.config == null ? EMPTY : document.config;
        checkWords(what, inner);
        Platform platform = new Platform(or(document.os, "linux"), or(document.architecture, ""),
                or(document.variant, ""));
        return new ImageConfig(time(document.created), or(document.author, ""), platform, or(inner.user, ""),
                or(inner.env), or(inner.entrypoint), or(inner.cmd), directory(inner.workingDir), volumes(inner.volumes),
                keys(inner.exposedPorts), labels(inner.labels),
                inner.stopSignal == null || inner.stopSignal.isEmpty() ? null : inner.stopSignal, inner.healthcheck,
                List.copyOf(document.rootfs.diffIds), or(document.history));
    }

    /** The kernel's words end with a zero: one that has it within would be another one there. */
    private static void checkWords(String what, Inner inner) {
        Stream<String> words = Stream.of(Stream.of(or(inner.user, ""), or(inner.workingDir, "")),
                or(inner.env).stream(),
                or(inner.entrypoint).stream(), or(inner.cmd).stream(), keys(inner.volumes).stream())
                .flatMap(all -> all);
        if (words.anyMatch(word -> word.indexOf(0) >= 0)) {
            throw new InvalidRequest(what, "its configuration has a word with a zero byte", "");
        }
    }

    /** Absolute and without detours; the root itself is none. */
    private static List<String> volumes(@Nullable Map<String, Object> volumes) {
        return keys(volumes).stream().map(ImageConfig::directory).filter(path -> path.length() > 1).distinct().toList();
    }

    private static String directory(@Nullable String path) {
        return path == null || path.isEmpty() ? "" : "/" + PlainPath.of(path);
    }

    private static Map<String, String> labels(@Nullable Map<String, String> labels) {
        Map<String, String> all = new LinkedHashMap<>();
        if (labels != null) {
            labels.forEach((name, value) -> all.put(name, value == null ? "" : value));
        }
        return all;
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    private static <T> List<T> or(@Nullable List<T> list) {
        return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
    }

    private static List<String> keys(@Nullable Map<String, Object> map) {
        return map == null ? List.of() : map.keySet().stream().sorted().toList();
    }

    /** Some builders leave the time out, so that equal content makes equal images. */
    static Instant time(@Nullable String text) {
        try {
            Instant time = text == null || text.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
            return time.isBefore(FIRST) || time.isAfter(LAST) ? Instant.EPOCH : time;
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
