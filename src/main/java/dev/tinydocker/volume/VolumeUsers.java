package dev.tinydocker.volume;

import java.nio.file.Path;
import java.util.List;

/** Whoever uses volumes; one in use is not removed. */
public interface VolumeUsers {

    /**
     * One use.
     *
     * @param volume its name
     * @param user as people know it: a container's short id
     * @param running whether it is written to now
     */
    record Use(String volume, String user, boolean running) {
    }

    List<Use> uses();

    /** The places of this host that are shown to somebody. */
    List<Path> bound();

    /**
     * Runs what asks for {@link #uses} or {@link #bound} and takes what nobody has out of sight; no use begins
     * meanwhile. It must be short.
     */
    void removing(Runnable removal);
}
