package dev.tinydocker.network;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a user asked of a container's network; kept with the container as JSON.
 *
 * @param ports {@code --publish}
 * @param exposed {@code --expose}, and the image's EXPOSE
 * @param publishAll {@code --publish-all}: what is exposed is published too
 * @param names null, as earlier versions kept it, is {@link NameWish#NONE}
 * @param endpoints the networks, in the order of its links; null, as earlier versions kept it, is the default one
 * @param othersIsHosts whether another container's stack, which it is to have, is the host's; null is not known, or no
 */
public record NetworkWish(NetworkMode mode, List<PublishedPort> ports, List<PublishedPort> exposed,
        boolean publishAll, NameWish names, List<Endpoint> endpoints, @Nullable Boolean othersIsHosts) {

    public static final NetworkWish NONE = of(NetworkMode.NONE);

    public NetworkWish(NetworkMode mode, List<PublishedPort> ports, List<PublishedPort> exposed, boolean publishAll,
            @Nullable NameWish names, @Nullable List<Endpoint> endpoints, @Nullable Boolean othersIsHosts) {
        this.mode = mode;
        this.ports = ports;
        this.exposed = exposed;
        this.publishAll = publishAll;
        this.names = names == null ? NameWish.NONE : names;
        this.endpoints = endpoints != null ? endpoints
                : mode.isConnected() ? List.of(Endpoint.of(Network.DEFAULT)) : List.of();
        this.othersIsHosts = othersIsHosts;
    }

    public NetworkWish(NetworkMode mode, List<PublishedPort> ports, List<PublishedPort> exposed, boolean publishAll,
            @Nullable NameWish names, @Nullable List<Endpoint> endpoints) {
        this(mode, ports, exposed, publishAll, names, endpoints, null);
    }

    /** A mode, and nothing more asked. */
    public static NetworkWish of(NetworkMode mode) {
        return new NetworkWish(mode, List.of(), List.of(), false, NameWish.NONE, null);
    }

    /** The same wish for an image that exposes ports. */
    public NetworkWish exposing(List<PublishedPort> more) {
        List<PublishedPort> all = new ArrayList<>(exposed);
        more.stream().filter(port -> !all.contains(port)).forEach(all::add);
        return new NetworkWish(mode, ports, all, publishAll, names, endpoints, othersIsHosts);
    }

    /** The container whose stack it is to have, if it is another one's. */
    public Optional<String> joined() {
        return mode == NetworkMode.CONTAINER ? Optional.of(NetworkMode.container(endpoints.getFirst().network()))
                : Optional.empty();
    }

    /** The same wish in other networks. */
    public NetworkWish in(List<Endpoint> others) {
        return new NetworkWish(mode, ports, exposed, publishAll, names, List.copyOf(others), othersIsHosts);
    }

    /** The same wish with the stack of just that container. @param other its id @param its what that one asked for */
    public NetworkWish joining(String other, NetworkWish its) {
        return new NetworkWish(mode, ports, exposed, publishAll, names,
                List.of(Endpoint.of(NetworkMode.word(other))), its.sharesHost());
    }

    /** Whether its stack is the host's: by its own wish, or because that of the container is which it joins. */
    public boolean sharesHost() {
        return mode == NetworkMode.HOST || Boolean.TRUE.equals(othersIsHosts);
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
