package dev.tinydocker.volume;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What was missing and has been made for a container's mounts: it goes where there is no container after all. */
public final class Made {

    final List<String> volumes = new ArrayList<>();

    /** Each after the one that it is in. */
    final List<Path> directories = new ArrayList<>();

    /** Whether all was there. */
    public boolean isEmpty() {
        return volumes.isEmpty() && directories.isEmpty();
    }
}
