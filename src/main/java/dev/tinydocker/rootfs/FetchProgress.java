package dev.tinydocker.rootfs;

import java.util.function.Consumer;

/** Told how a root file system comes, on the thread that fetches it. */
public interface FetchProgress {

    /** A line for people. */
    void note(String line);

    /** How much of a file has come; total is 0 where it is not known. */
    void bytes(String file, long done, long total);

    /** Hears the lines only. */
    static FetchProgress lines(Consumer<String> lines) {
        return new FetchProgress() {
            @Override
            public void note(String line) {
                lines.accept(line);
            }

            @Override
            public void bytes(String file, long done, long total) {
            }
        };
    }
}
