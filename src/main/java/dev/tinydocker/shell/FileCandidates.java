package dev.tinydocker.shell;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Files and directories whose path begins as given. */
final class FileCandidates {

    private static final int MOST = 1000;

    private FileCandidates() {
    }

    /**
     * Hidden ones only where a dot was typed; nothing where a directory cannot be read.
     *
     * @param base what relative paths start from
     */
    static List<Candidate> of(String partial, Path base, boolean directoriesOnly) {
        int slash = partial.lastIndexOf('/') + 1;
        String directory = partial.substring(0, slash);
        String begin = partial.substring(slash);
        List<Candidate> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(base.resolve(directory),
                entry -> entry.getFileName().toString().startsWith(begin))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                boolean isDirectory = Files.isDirectory(entry);
                boolean hidden = name.startsWith(".") && begin.isEmpty();
                if (!hidden && (isDirectory || !directoriesOnly) && found.size() < MOST) {
                    found.add(new Candidate(directory + name + (isDirectory ? "/" : ""), "", !isDirectory));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        found.sort(Comparator.comparing(Candidate::value));
        return found;
    }
}
