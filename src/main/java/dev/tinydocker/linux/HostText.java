package dev.tinydocker.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text that others have written on this host, who may have used another encoding. */
public final class HostText {

    private HostText() {
    }

    /**
     * A whole file. What is not UTF-8 stands there as U+FFFD, and stops nobody from reading the rest.
     *
     * @throws IOException where it is not there or cannot be read, as where a process is gone
     */
    public static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
