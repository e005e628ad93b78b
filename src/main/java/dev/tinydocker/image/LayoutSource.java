package dev.tinydocker.image;

import dev.tinydocker.problem.InvalidRequest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files of an archive of images, or of a directory laid out like one. */
interface LayoutSource extends AutoCloseable {

    /** A file and what its digest was found to be. */
    record Content(Path file, String digest, long bytes) {

        /** All of it; for documents, which are small. */
        byte[] read(String what) {
            if (bytes > Manifest.MOST_BYTES) {
                throw new InvalidRequest(what, "a document in it has " + bytes + " bytes",
                        Manifest.MOST_BYTES + " is the most");
            }
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw Blobs.failure("read", file, e);
            }
        }
    }

    Optional<Content> find(String name);

    /** Takes the content in as a blob; may be called again. */
    void keep(Content content);

    @Override
    void close();
}
