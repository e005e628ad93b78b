package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainPathTests {

    @ParameterizedTest
    @CsvSource({ "a/b, a/b", "./a//b/, a/b", "/a/../b, b", "../../etc/passwd, etc/passwd", "a/./.., ''", "/, ''",
            "'', ''",
            "...,...", "a/..b, a/..b", "ü/ñ, ü/ñ" })
    void detoursAreTakenAway(String path, String plain) {
        assertThat(PlainPath.of(path)).isEqualTo(plain);
    }
}
