package dev.tinydocker.image;

import java.util.List;

/** Whoever uses images; an image in use is not removed. */
public interface ImageUsers {

    /**
     * One use.
     *
     * @param imageId {@code sha256:} and 64 digits
     * @param user as people know it: a container's short id
     * @param running whether it runs now
     */
    record Use(String imageId, String user, boolean running) {
    }

    List<Use> uses();

    /** Runs what asks for {@link #uses} and takes images off the record; no use begins meanwhile. It must be short. */
    void removing(Runnable removal);
}
