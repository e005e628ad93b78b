package dev.tinydocker.lima;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Where commands go: as the host is, unless somebody says otherwise. */
class LimaProgramTests {

    @ParameterizedTest
    @CsvSource({ "Linux, , false", "Mac OS X, , true", "Linux, darwin, true", "Mac OS X, linux, false" })
    void macOsGoesThroughAMachine(String host, String forced, boolean chosen) {
        String before = System.getProperty("os.name");
        try {
            System.setProperty("os.name", host);
            if (forced != null) {
                System.setProperty("tiny.host", forced);
            }
            assertThat(LimaProgram.isChosen()).isEqualTo(chosen);
        } finally {
            System.setProperty("os.name", before);
            System.clearProperty("tiny.host");
        }
    }
}
