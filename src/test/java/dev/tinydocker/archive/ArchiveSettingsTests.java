package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

class ArchiveSettingsTests {

    @Test
    void whatComesWithTheProgramIsTheDefault() throws IOException {
        Properties shipped = new Properties();
        // Flat keys and plain values: YAML of this kind is what Properties read.
        shipped.load(Files.newBufferedReader(Path.of("config/application.yml")));
        assertThat(new ArchiveSettings(shipped.getProperty("tiny.archive.bytes"),
                shipped.getProperty("tiny.archive.entries"), shipped.getProperty("tiny.archive.path"),
                shipped.getProperty("tiny.archive.ratio")).limits())
                .isEqualTo(Limits.DEFAULT);
    }

    @Test
    void whatIsNoLimitIsRefusedByItsName() {
        for (String wrong : new String[] { "", "0", "-1", "x", "1e9" }) {
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> new ArchiveSettings(wrong, "1", "1", "1"))
                    .withMessageContaining("tiny.archive.bytes");
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> new ArchiveSettings("1", wrong, "1", "1"))
                    .withMessageContaining("tiny.archive.entries");
        }
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> new ArchiveSettings("1", "1", "1g", "1"))
                .withMessageContaining("tiny.archive.path");
    }
}
