package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTests {

    @ParameterizedTest
    @CsvSource({ "0,0", "512,512", "512b,512", "64k,65536", "128m,134217728", "128M,134217728", "128MB,134217728",
            "128MiB,134217728", "1.5g,1610612736", "1 k,1024", "2t,2199023255552" })
    void unitsArePowersOf1024ForMemory(String word, long bytes) {
        assertThat(ByteSize.parse(word, 1024)).hasValue(bytes);
    }

    @Test
    void unitsArePowersOf1000ForFiles() {
        assertThat(ByteSize.parse("10m", 1000)).hasValue(10_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "m", "-1", "1x", "1.m", "0x10", "1e3", "99999999999999999999", "9999999p", " 1",
            "1\n" })
    void whatIsNoSizeHasNone(String word) {
        assertThat(ByteSize.parse(word, 1024)).isEmpty();
    }
}
