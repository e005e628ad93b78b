package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.registry.SearchHit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class SearchCommandTests {

    private static final SearchHit POPULAR = new SearchHit("web", "", 30, true);
    private static final SearchHit OWN = new SearchHit("me/web", "", 0, false);

    private static List<SearchHit> found(String... words) {
        return List.of(POPULAR, OWN).stream().filter(SearchCommand.filter(List.of(words))).toList();
    }

    @Test
    void allMustFit() {
        assertThat(found()).containsExactly(POPULAR, OWN);
        assertThat(found("stars=30")).containsExactly(POPULAR);
        assertThat(found("stars=0", "is-official=false")).containsExactly(OWN);
        assertThat(found("is-official=true", "stars=31")).isEmpty();
    }

    @Test
    void aLimitIsUpToAHundred() {
        assertThat(List.of(0, 1, 100)).map(SearchCommand::limit).containsExactly(25, 1, 100);
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> SearchCommand.limit(101));
    }

    @ParameterizedTest
    @ValueSource(strings = { "stars", "stars=-1", "stars=9999999999", "is-official=maybe", "is-automated=true" })
    void whatIsNoFilterIsRefused(String word) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> found(word))
                .withMessageContaining("there is no such filter");
    }
}
