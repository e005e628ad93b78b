package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.image.Image;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Filters that need no other image; see {@link ImagesCommandIT} for those that do. */
class ImageFilterTests {

    private static final Image WEB = ImageRowTests.image(TestShell.NOW.minus(Duration.ofHours(3)),
            Map.of("tier", "front", "loud", ""), List.of("team/web:1", "host:5000/web:latest"), List.of());
    private static final Image NAMELESS = ImageRowTests.image(TestShell.NOW.minus(Duration.ofDays(3)), Map.of(),
            List.of(), List.of());

    @SuppressWarnings("NullAway")
    private static ImageFilter filter(String... words) {
        return ImageFilter.of(List.of(words), null, ImageRowTests.CLOCK);
    }

    @Test
    void allMustFit() {
        assertThat(filter().test(WEB)).isTrue();
        assertThat(filter("label=tier", "dangling=false").test(WEB)).isTrue();
        assertThat(filter("label=tier", "dangling=true").test(WEB)).isFalse();
        assertThat(filter("label=tier=front", "label=loud=").test(WEB)).isTrue();
        assertThat(filter("label=tier=back").test(WEB)).isFalse();
        assertThat(filter("label=none").test(WEB)).isFalse();
    }

    @Test
    void namelessOnesDangle() {
        assertThat(filter("dangling=1").test(NAMELESS)).isTrue();
        assertThat(filter("dangling=0").test(NAMELESS)).isFalse();
        assertThat(filter("dangling=true").test(WEB)).isFalse();
    }

    @Test
    void timesAreAgo() {
        assertThat(filter("until=24h").test(NAMELESS)).isTrue();
        assertThat(filter("until=24h").test(WEB)).isFalse();
        assertThat(filter("until=2026-05-17T12:00:00Z").test(WEB)).isTrue();
    }

    @Test
    void oneOfSeveralReferencesIsEnough() {
        assertThat(filter("reference=team/*").test(WEB)).isTrue();
        assertThat(filter("reference=*/web:1").test(WEB)).isTrue();
        assertThat(filter("reference=web").test(WEB)).isFalse();
        assertThat(filter("reference=none", "reference=host:5000/web").test(WEB)).isTrue();
        assertThat(filter("reference=*").test(NAMELESS)).isFalse();
        ImageFilter named = filter();
        named.name("team/web");
        assertThat(named.shows("team/web:1")).isTrue();
        assertThat(named.shows("host:5000/web:latest")).isFalse();
    }

    @Test
    void whatHasNoTagIsKnownByItsDigest() {
        String digest = "@sha256:" + "a".repeat(64);
        Image untagged = ImageRowTests.image(TestShell.NOW, Map.of(), List.of(),
                List.of("team/web" + digest, "other" + digest));
        assertThat(filter("reference=team/web").test(untagged)).isTrue();
        assertThat(filter("reference=team/web" + digest).test(untagged)).isTrue();
        assertThat(filter("reference=team/web:1").test(untagged)).isFalse();
        assertThat(filter("reference=team/web").shows("other" + digest)).isFalse();
        Image tagged = ImageRowTests.image(TestShell.NOW, Map.of(), List.of("mine:1"), List.of("team/web" + digest));
        assertThat(filter("reference=team/web").test(tagged)).as("no line of it has that name").isFalse();
        assertThat(filter("reference=team/web" + digest).test(tagged)).isTrue();
        assertThat(filter("reference=other" + digest).test(tagged)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({ "dangling, it has no value", "dangling=maybe, neither true nor false", "labl=x, did you mean 'label'?",
        "wonder=x, there is no filter 'wonder'", "reference=[, is no pattern", "until=soon, it is no time" })
    void otherWordsAreRefused(String word, String why) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> filter(word)).satisfies(
                e -> assertThat(e.line()).contains(why));
    }
}
