package dev.tinydocker.image;

/** Told how a transfer gets on, from several threads at once; what is heard must not block. */
public interface PullProgress {

    /** Tells nobody. */
    PullProgress SILENT = new PullProgress() {
        @Override
        public void layer(String shortDigest, Phase phase, long done, long total) {
        }

        @Override
        public void note(String line) {
        }
    };

    /** What happens to one layer; total is 0 where it is not known. */
    void layer(String shortDigest, Phase phase, long done, long total);

    /** A line for people. */
    void note(String line);

    /** Where a layer is on its way. */
    enum Phase {
        WAITING, DOWNLOADING, VERIFYING, EXTRACTING, DONE, EXISTS, UPLOADING
    }
}
