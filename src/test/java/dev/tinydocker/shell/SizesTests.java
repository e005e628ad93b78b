package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTests {

    @ParameterizedTest
    @CsvSource({ "0, 0B", "999, 999B", "1000, 1kB", "1234, 1.23kB", "7826432, 7.83MB", "125000000, 125MB",
            "1200000000, 1.2GB", "9999, 10kB" })
    void sizesHaveThreeDigitsAsDockers(long bytes, String text) {
        assertThat(Sizes.of(bytes)).isEqualTo(text);
    }
}
