package dev.tinydocker.network;

import java.util.ArrayList;
import java.util.List;

/**
 * What a user asked of a container's network; kept with the container as JSON.
 *
 * @param ports {@code --publish}
 * @param exposed {@code --expose}, and the image's EXPOSE
 * @param publishAll {@code --publish-all}: what is exposed is published too
 */
public record NetworkWish(NetworkMode mode, List<PublishedPort> ports, List<PublishedPort> exposed,
        boolean publishAll) {

    public static final NetworkWish NONE = of(NetworkMode.NONE);

    /** A mode, and nothing more asked. */
    public static NetworkWish of(NetworkMode mode) {
        return new NetworkWish(mode, List.of(), List.of(), false);
    }

    /** The same wish for an image that exposes ports. */
    public NetworkWish exposing(List<PublishedPort> more) {
        List<PublishedPort> all = new ArrayList<>(exposed);
        more.stream().filter(port -> !all.contains(port)).forEach(all::add);
        return new NetworkWish(mode, ports, all, publishAll);
    }

    /** All that are to be published. */
    public List<PublishedPort> published() {
        List<PublishedPort> all = new ArrayList<>(ports);
        if (publishAll) {
            exposed.stream().filter(port -> ports.stream().noneMatch(port::isSameInside)).forEach(all::add);
        }
        return all;
    }
}
