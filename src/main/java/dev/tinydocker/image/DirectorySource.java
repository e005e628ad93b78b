package dev.tinydocker.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A directory laid out like an archive of images; it stays as it is. */
final class DirectorySource implements LayoutSource {

    private final Path directory;
    private final Blobs blobs;
    private final Map<String, Content> found = new HashMap<>();

    DirectorySource(Path directory, Blobs blobs) {
        this.directory = directory;
        this.blobs = blobs;
    }

    /** A link that leads out of the directory leads nowhere. */
    @Override
    public Optional<Content> find(String name) {
        Content known = found.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Path file;
        try {
            file = directory.resolve(name).normalize();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        try {
            if (!Files.isRegularFile(file) || !file.toRealPath().startsWith(directory.toRealPath())) {
                return Optional.empty();
            }
            Content content = copy(file);
            found.put(name, content);
            return Optional.of(content);
        } catch (IOException e) {
            throw Blobs.failure("read", file, e);
        }
    }

    /** A copy, since whoever owns the directory may write to it while it is read. */
    private Content copy(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return blobs.putAside(in);
        }
    }

    @Override
    public void keep(Content content) {
        blobs.keep(content);
    }

    @Override
    public void close() {
        found.values().forEach(content -> Blobs.delete(content.file()));
    }
}
