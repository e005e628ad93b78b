package dev.tinydocker.image;

import dev.tinydocker.problem.InvalidRequest;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of an archive, which come in any order: all are put aside first. Names are only looked up and never become
 * paths.
 */
final class ArchiveSource implements LayoutSource {

    private static final int MOST_ENTRIES = 10_000;
    private static final int MOST_LINKS = 8;

    private final Blobs blobs;
    private final Map<String, Content> files = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    private ArchiveSource(Blobs blobs) {
        this.blobs = blobs;
    }

    /** Reads the archive to its end, and closes it. */
    static ArchiveSource read(String what, InputStream in, Blobs blobs) throws IOException {
        ArchiveSource source = new ArchiveSource(blobs);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                source.add(what, entry, tar);
            }
            return source;
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private void add(String what, TarArchiveEntry entry, InputStream tar) throws IOException {
        if (files.size() + links.size() >= MOST_ENTRIES) {
            throw new InvalidRequest(what, "it has more than " + MOST_ENTRIES + " files", "it is no archive of images");
        }
        String name = PlainPath.of(entry.getName());
        if (entry.isSymbolicLink() || entry.isLink()) {
            links.put(name, entry.isLink() ? PlainPath.of(entry.getLinkName()) : beside(name, entry.getLinkName()));
        } else if (entry.isFile()) {
            Content old = files.put(name, blobs.putAside(tar));
            if (old != null) {
                Blobs.delete(old.file());
            }
        }
    }

    private static String beside(String name, String target) {
        int slash = name.lastIndexOf('/');
        return PlainPath.of(slash < 0 ? target : name.substring(0, slash) + "/" + target);
    }

    private Optional<String> resolve(String name) {
        String found = PlainPath.of(name);
        for (int i = 0; i < MOST_LINKS && links.containsKey(found); i++) {
            found = links.getOrDefault(found, found);
        }
        return files.containsKey(found) ? Optional.of(found) : Optional.empty();
    }

    @Override
    public Optional<Content> find(String name) {
        return resolve(name).map(files::get);
    }

    @Override
    public void keep(Content content) {
        blobs.keep(content);
    }

    @Override
    public void close() {
        files.values().forEach(content -> Blobs.delete(content.file()));
    }
}
