package dev.tinydocker.image;

import dev.tinydocker.archive.ArchiveFiles;
import dev.tinydocker.problem.InvalidRequest;

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
    /** No document has a longer name for a file. */
    private static final int LONGEST_NAME = 512;

    private final Blobs blobs;
    private final Map<String, Content> files = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    private ArchiveSource(Blobs blobs) {
        this.blobs = blobs;
    }

    /** Reads the archive to its end, and closes it. */
    static ArchiveSource read(String what, InputStream in, Blobs blobs) throws IOException {
        ArchiveSource source = new ArchiveSource(blobs);
        try (InputStream tar = in) {
            ArchiveFiles archive = new ArchiveFiles(tar);
            for (var entry = archive.next(); entry.isPresent(); entry = archive.next()) {
                source.add(what, entry.get(), archive);
            }
            return source;
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private void add(String what, ArchiveFiles.Entry entry, ArchiveFiles archive) throws IOException {
        if (files.size() + links.size() >= MOST_ENTRIES) {
            throw new InvalidRequest(what, "it has more than " + MOST_ENTRIES + " files", "it is no archive of images");
        }
        if (entry.name().length() > LONGEST_NAME || entry.link().length() > LONGEST_NAME) {
            return;
        }
        String name = PlainPath.of(entry.name());
        switch (entry.kind()) {
            case LINK -> links.put(name, PlainPath.of(entry.link()));
            case SYMBOLIC_LINK -> links.put(name, beside(name, entry.link()));
            case FILE -> {
                Content old = files.put(name, blobs.putAside(archive.content()));
                if (old != null) {
                    Blobs.delete(old.file());
                }
            }
            case OTHER -> { }
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
