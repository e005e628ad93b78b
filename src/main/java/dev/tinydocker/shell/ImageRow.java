package dev.tinydocker.shell;

import dev.tinydocker.image.Image;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** What {@code images} tells of one name of an image: texts by the names that Docker's formats know them by. */
final class ImageRow {

    static final List<String> FIELDS = List.of("ID", "Repository", "Tag", "Digest", "CreatedSince", "CreatedAt", "Size",
            "Containers", "SharedSize", "UniqueSize", "VirtualSize", "Platform");

    private static final String NONE = "<none>";
    private static final DateTimeFormatter CREATED_AT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xx zzz",
            Locale.ROOT);

    private ImageRow() {
    }

    /**
     * A row for each name; where there is none, for each repository that knows it by a digest, or one at all.
     *
     * @param shown which names, {@code REPOSITORY:TAG} or {@code REPOSITORY@DIGEST}, are wanted
     */
    static List<Map<String, String>> of(Image image, Predicate<String> shown, boolean whole, boolean digests,
            Clock clock) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (String tag : image.tags().stream().filter(shown).toList()) {
            int colon = tag.lastIndexOf(':');
            String repository = tag.substring(0, colon);
            List<String> known = image.digests().stream().filter(one -> one.startsWith(repository + "@")).toList();
            if (digests && !known.isEmpty()) {
                known.forEach(one -> rows.add(row(image, repository, tag.substring(colon + 1),
                        one.substring(repository.length() + 1), whole, clock)));
            } else {
                rows.add(row(image, repository, tag.substring(colon + 1), NONE, whole, clock));
            }
        }
        if (rows.isEmpty()) {
            for (String known : image.digests().stream().filter(shown).toList()) {
                int at = known.indexOf('@');
                rows.add(row(image, known.substring(0, at), NONE, known.substring(at + 1), whole, clock));
            }
        }
        return rows.isEmpty() ? List.of(row(image, NONE, NONE, NONE, whole, clock)) : rows;
    }

    private static Map<String, String> row(Image image, String repository, String tag, String digest, boolean whole,
            Clock clock) {
        Instant created = image.config().created();
        Map<String, String> row = new LinkedHashMap<>();
        row.put("ID", whole ? image.id() : image.shortId());
        row.put("Repository", repository);
        row.put("Tag", tag);
        row.put("Digest", digest);
        row.put("CreatedSince", since(created, clock));
        row.put("CreatedAt", CREATED_AT.format(created.atZone(clock.getZone())));
        row.put("Size", Sizes.of(image.bytes()));
        row.put("Containers", "N/A");
        row.put("SharedSize", "N/A");
        row.put("UniqueSize", "N/A");
        row.put("VirtualSize", Sizes.of(image.bytes()));
        row.put("Platform", image.config().platform().toString());
        return row;
    }

    /** An image that does not tell its age has none. */
    static String since(Instant created, Clock clock) {
        return created.equals(Instant.EPOCH) ? "N/A"
                : Durations.words(Duration.between(created, clock.instant())) + " ago";
    }
}
