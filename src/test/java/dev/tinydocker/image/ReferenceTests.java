package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTests {

    private static final String HUB = "hub.example/library";
    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    @ParameterizedTest
    @CsvSource({ "alpine, hub.example/library/alpine:latest", "alpine:3.22, hub.example/library/alpine:3.22",
            "team/web, hub.example/team/web:latest", "localhost/web:1, localhost/web:1",
            "localhost:5000/a/b/c, localhost:5000/a/b/c:latest", "other.example/x, other.example/x:latest",
            "HOST/x, HOST/x:latest", "[::1]:5000/x:y, [::1]:5000/x:y",
            "a__b.c-d--e, hub.example/library/a__b.c-d--e:latest" })
    void whatIsLeftOutIsFilledIn(String word, String full) {
        assertThat(Reference.parse(word, HUB)).hasToString(full);
    }

    @Test
    void aDigestNeedsNoTagAndMayHaveOne() {
        assertThat(Reference.parse("alpine@" + DIGEST, HUB)).hasToString("hub.example/library/alpine@" + DIGEST);
        Reference both = Reference.parse("alpine:3@" + DIGEST, HUB);
        assertThat(both.tag()).isEqualTo("3");
        assertThat(both.tagOrDigest()).isEqualTo(DIGEST);
    }

    @Test
    void withoutADefaultRegistryAShortNameHasNone() {
        Reference reference = Reference.parse("alpine", "");
        assertThat(reference.registry()).isEmpty();
        assertThat(reference).hasToString("alpine:latest");
    }

    @ParameterizedTest
    @ValueSource(strings = { "alpine:3", "team/web:1", "localhost/web:1", "hub.example/web:1" })
    void theFamiliarFormIsReadAsTheSame(String word) {
        Reference reference = Reference.parse(word, HUB);
        assertThat(reference.familiar(HUB)).isEqualTo(word);
        assertThat(Reference.parse(reference.familiar(HUB), HUB)).isEqualTo(reference);
    }

    @Test
    void aPathThatBeginsAsAHostDoesIsFamiliarInFullOnly() {
        Reference reference = Reference.parse("hub.example/other.example/web", "hub.example");
        assertThat(reference.familiar("hub.example")).isEqualTo("hub.example/other.example/web:latest");
        assertThat(Reference.parse("hub.example/team/web", "hub.example").familiar("hub.example"))
                .isEqualTo("team/web:latest");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", ":", ":latest", "Alpine", "a b", "-a", "a-", "a..b", "a___b", "a/", "/a", "a//b", "a:",
            "a:-x", "a@", "a@sha256:12", "a@md5:d41d8cd98f00b204e9800998ecf8427e", "ex_ample.com:port/a", "a:b:c",
            "../a", "host:99999999/a", "http://host/a" })
    void whatIsNoReferenceIsRefused(String word) {
        assertThatThrownBy(() -> Reference.parse(word, HUB)).isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("cannot read the reference '" + word + "': ");
    }

    @Test
    void capitalsAreNamedAndAnIdIsNoName() {
        assertThatThrownBy(() -> Reference.parse("Alpine", HUB)).satisfies(
                e -> assertThat(((InvalidRequest) e).line()).endsWith("the name has capitals; write 'alpine'"));
        assertThatThrownBy(() -> Reference.parse("ab".repeat(32), HUB)).hasMessageContaining("64 digits are an id");
        assertThatThrownBy(() -> Reference.parse("a".repeat(256), HUB)).hasMessageContaining("more than 255");
    }
}
