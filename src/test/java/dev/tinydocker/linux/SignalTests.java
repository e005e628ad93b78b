package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalTests {

    @ParameterizedTest
    @CsvSource({ "TERM,15", "SIGTERM,15", "sigterm,15", "kill,9", "9,9", "USR1,10", "RTMIN,34", "RTMIN+3,37",
            "SIGRTMAX-1,63" })
    void wordsAreNumbered(String word, int number) {
        assertThat(Signal.parse(word)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "NOPE", "0", "65", "-1", "RTMIN+x", "RTMAX+1" })
    void whatIsNoSignalIsRefused(String word) {
        assertThatThrownBy(() -> Signal.parse(word)).isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("'" + word + "'");
    }

    @Test
    void everyNumberHasANameThatParsesBack() {
        for (int number = 1; number <= 64; number++) {
            if (number < 32 || number > 33) {
                assertThat(Signal.parse(Signal.name(number))).isEqualTo(number);
            }
        }
    }
}
