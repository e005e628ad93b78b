package dev.tinydocker.rootfs;

import java.util.List;

/** Whoever uses root file systems of the catalogue; one in use is not removed. */
public interface RootfsUsers {

    /**
     * One use.
     *
     * @param name in the catalogue, with or without a version
     * @param user as people know it: a container's short id
     */
    record Use(String name, String user) {
    }

    List<Use> uses();

    /** Runs what asks for {@link #uses} and takes trees out of sight; no use begins meanwhile. It must be short. */
    void removing(Runnable removal);
}
