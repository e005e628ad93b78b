package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

class MountinfoWordsTests {

    @Test
    void numbersBecomeWhatTheyStandFor() {
        assertThat(MountinfoWords.plain("/a\\040b\\134c\\303\\274")).isEqualTo("/a b\\cü");
        assertThat(MountinfoWords.plain("/plain")).isEqualTo("/plain");
        assertThat(MountinfoWords.plain("/a\\9\\04")).isEqualTo("/a\\9\\04");
    }

    @Test
    void aNameThatIsNotUtf8HidesNoOther(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("mountinfo"),
                "1 2 8:1 / /m\u00fcll rw\n3 4 8:1 / /a\rb rw\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(MountinfoWords.lines(HostText.read(file))).containsExactly("1 2 8:1 / /m\ufffdll rw",
                "3 4 8:1 / /a\rb rw");
    }
}
