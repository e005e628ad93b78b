package dev.tinydocker.container;

import dev.tinydocker.container.HostCheck.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class HostCheckTests {

    @ParameterizedTest
    @CsvSource({ "5.12.0,OK", "5.11.22-generic,PROBLEM", "6.1.0-18-cloud-amd64,OK", "4.19.0,PROBLEM", "10.0,OK",
            "5.100-rc1,OK",
            "strange,PROBLEM" })
    void theKernelMustBeNewEnough(String release, Level level) {
        assertThat(HostCheck.kernel(release).level()).isEqualTo(level);
        assertThat(HostCheck.kernel(release).advice().isEmpty()).isEqualTo(level == Level.OK);
    }

    @Test
    void toolsAreLookedForInThePath(@TempDir Path directory) throws IOException {
        assertThat(HostCheck.tools("/nonexistent:" + directory).what()).isEqualTo("no apt-get, dpkg-deb");
        assertThat(HostCheck.tools(null).level()).isEqualTo(Level.WARNING);
        for (String tool : new String[] { "apt-get", "dpkg-deb" }) {
            assertThat(Files.createFile(directory.resolve(tool)).toFile().setExecutable(true)).isTrue();
        }
        assertThat(HostCheck.tools("/nonexistent:" + directory).level()).isEqualTo(Level.OK);
    }
}
