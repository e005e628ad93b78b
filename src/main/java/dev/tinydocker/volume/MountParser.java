package dev.tinydocker.volume;

import java.nio.file.Path;

/** Reads the words of {@code -v}, {@code --mount} and {@code --tmpfs}, as Docker spells them. */
public final class MountParser {

    private MountParser() {
    }

    /** {@code -v SOURCE:TARGET[:OPTIONS]}; a relative source that begins with a dot starts at {@code cwd}. */
    public static Mount volume(String word, Path cwd) {
        throw new UnsupportedOperationException();
    }

    /** {@code --mount type=bind|tmpfs,KEY=VALUE,…} */
    public static Mount mount(String word, Path cwd) {
        throw new UnsupportedOperationException();
    }

    /** {@code --tmpfs TARGET[:OPTIONS]} */
    public static Mount tmpfs(String word) {
        throw new UnsupportedOperationException();
    }
}
