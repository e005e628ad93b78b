package dev.tinydocker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

class LogSettingsTests {

    @Test
    void sizesAreDecimalAndTheRestIsTheDefault() {
        assertThat(LogSettings.parse(Map.of())).isEqualTo(LogSettings.DEFAULT);
        assertThat(LogSettings.parse(Map.of("max-size", "5k", "max-file", "2"))).isEqualTo(new LogSettings(5000, 2));
        assertThat(LogSettings.parse(Map.of("max-file", "7"))).isEqualTo(new LogSettings(10_000_000, 7));
    }

    @ParameterizedTest
    @CsvSource({ "max-size,0", "max-size,big", "max-file,0", "max-file,1001", "max-file,x", "compress,true" })
    void whatMakesNoSenseIsRefused(String option, String value) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> LogSettings.parse(Map.of(option, value)))
                .satisfies(problem -> assertThat(problem.line())
                        .contains("'" + option + "=" + value + "' for --log-opt").contains("; "));
    }
}
