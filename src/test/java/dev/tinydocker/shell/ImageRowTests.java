package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.image.Image;
import dev.tinydocker.image.ImageConfig;
import dev.tinydocker.image.Platform;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

class ImageRowTests {

    static final Clock CLOCK = Clock.fixed(TestShell.NOW, ZoneOffset.UTC);
    private static final String ONE = "sha256:" + "1".repeat(64);
    private static final String TWO = "sha256:" + "2".repeat(64);

    static Image image(Instant created, Map<String, String> labels, List<String> tags, List<String> digests) {
        ImageConfig config = new ImageConfig(created, "", Platform.host(), "", List.of(), List.of(), List.of(), "",
                List.of(), List.of(), labels, null, null, List.of(), List.of());
        return new Image("sha256:" + "abc".repeat(22).substring(0, 64), config, List.of(), tags, digests, 1_234_567,
                ONE);
    }

    private static List<String> rows(List<String> tags, List<String> known, boolean digests) {
        return rows(tags, known, digests, _ -> true);
    }

    private static List<String> rows(List<String> tags, List<String> known, boolean digests, Predicate<String> shown) {
        Image image = image(TestShell.NOW.minus(Duration.ofHours(3)), Map.of(), tags, known);
        return ImageRow.of(image, shown, false, digests, CLOCK).stream()
                .map(row -> row.get("Repository") + " " + row.get("Tag")
                + " " + row.get("Digest")).toList();
    }

    @Test
    void eachNameHasARow() {
        assertThat(rows(List.of("web:1", "host:5000/web:latest"), List.of(), false))
                .containsExactly("web 1 <none>", "host:5000/web latest <none>");
        assertThat(rows(List.of(), List.of(), true)).containsExactly("<none> <none> <none>");
    }

    @Test
    void digestsAreThoseOfTheRepository() {
        List<String> known = List.of("web@" + ONE, "webs@" + TWO);
        assertThat(rows(List.of("web:1", "other:2"), known, true)).containsExactly("web 1 " + ONE, "other 2 <none>");
        assertThat(rows(List.of("web:1"), known, false)).containsExactly("web 1 <none>");
        assertThat(rows(List.of("web:1"), List.of("web@" + ONE, "web@" + TWO), true))
                .containsExactly("web 1 " + ONE, "web 1 " + TWO);
        assertThat(rows(List.of(), known, false)).containsExactly("web <none> " + ONE, "webs <none> " + TWO);
    }

    @Test
    void onlyNamesThatAreWantedHaveRows() {
        List<String> known = List.of("web@" + ONE, "other@" + ONE);
        assertThat(rows(List.of("web:1", "other:2"), known, false, "other:2"::equals)).containsExactly("other 2 <none>");
        assertThat(rows(List.of("web:1"), known, false, ("web@" + ONE)::equals)).containsExactly("web <none> " + ONE);
    }

    @Test
    void whatIsToldOfAnImage() {
        Map<String, String> row = ImageRow.of(image(TestShell.NOW.minus(Duration.ofHours(3)), Map.of(),
                List.of("web:1"), List.of()), _ -> true, false, false, CLOCK).getFirst();
        assertThat(row.keySet()).containsExactlyInAnyOrderElementsOf(ImageRow.FIELDS);
        assertThat(row).containsEntry("ID", "abcabcabcabc").containsEntry("CreatedSince", "3 hours ago")
                .containsEntry("CreatedAt", "2026-05-17 09:30:45 +0000 Z").containsEntry("Size", "1.23MB");
        assertThat(ImageRow.of(image(Instant.EPOCH, Map.of(), List.of(), List.of()), _ -> true, true, false, CLOCK).getFirst())
                .containsEntry("CreatedSince", "N/A").extractingByKey("ID").asString().hasSize(71);
    }
}
