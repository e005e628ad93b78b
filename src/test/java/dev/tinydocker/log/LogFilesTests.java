package dev.tinydocker.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class LogFilesTests {

    @TempDir
    Path directory;

    /** As when a file was found as FILE, and then FILE was rotated twice and twice again while the others were sought. */
    @Test
    void whatComesBetweenTwoFindingsOfAFileIsNewer() throws IOException {
        for (String name : List.of("oldest", "older", "newer", "newest")) {
            Files.createFile(directory.resolve(name));
        }
        List<LogFile> found = new ArrayList<>();
        try {
            for (String name : List.of("older", "newer", "newest", "newer", "older", "older", "oldest")) {
                LogFiles.add(found, LogFile.open(directory.resolve(name)).orElseThrow());
            }
            assertThat(found).extracting(LogFile::key).containsExactly(key("newest"), key("newer"), key("older"),
                    key("oldest"));
        } finally {
            for (LogFile file : found) {
                file.close();
            }
        }
    }

    private Object key(String name) throws IOException {
        return LogFile.keyOf(directory.resolve(name)).orElseThrow();
    }
}
