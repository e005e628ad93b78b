package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A port of this host that leads to one of a container.
 *
 * @param address of this host; {@link Ipv4#ANY} for all of IPv4 that it has; null for one of IPv6
 * @param hostPort 0 is any free one, before the container starts
 * @param lastPort where any free one from hostPort to this will do, before the container starts; else null
 * @param address6 of this host; {@link Ipv6#ANY} for all of IPv6; null for one of IPv4. Both are set where no address
 *            was asked for, before the container starts: then it is all of both kinds
 */
public record PublishedPort(Protocol protocol, @Nullable Ipv4 address, int hostPort, int containerPort,
        @Nullable Integer lastPort, @Nullable Ipv6 address6) {

    /** What has ports. */
    public enum Protocol {
        TCP, UDP;

        /** As people and the packet filter write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public PublishedPort {
        if (hostPort < 0 || hostPort > 0xffff || containerPort < 1 || containerPort > 0xffff) {
            throw new IllegalArgumentException("a port is 1 to 65535");
        }
        // An earlier version kept one of IPv6 so.
        address = address6 == null || address6.equals(Ipv6.ANY) ? address : null;
    }

    /** One port of the host, or any. */
    public PublishedPort(Protocol protocol, Ipv4 address, int hostPort, int containerPort) {
        this(protocol, address, hostPort, containerPort, null, null);
    }

    /** The same with that port of the host. */
    PublishedPort at(int port) {
        return new PublishedPort(protocol, address, port, containerPort, null, address6);
    }

    /** The same as one of IPv4, and one of IPv6 where the container has that, if it is of both kinds; else itself. */
    List<PublishedPort> each(boolean ipv6) {
        if (address == null || address6 == null) {
            return List.of(this);
        }
        PublishedPort one = new PublishedPort(protocol, address, hostPort, containerPort);
        return ipv6 ? List.of(one, new PublishedPort(protocol, null, hostPort, containerPort, null, address6))
                : List.of(one);
    }

    /** Whether it is one of all addresses of a kind that this host has. */
    boolean isOfAll() {
        return address == null ? Ipv6.ANY.equals(address6) : address.equals(Ipv4.ANY);
    }

    /** Whether it is one of IPv6 alone. */
    boolean isOfIpv6() {
        return address == null;
    }

    /** The address of this host, in the order of the network. */
    byte[] bytes() {
        return address == null ? Objects.requireNonNull(address6).bytes() : address.bytes();
    }

    /** The address of this host, as people write it. */
    public String host() {
        return String.valueOf(address == null ? address6 : address);
    }

    /** Those of the host that will do, in their order. */
    List<PublishedPort> choices() {
        return lastPort == null ? List.of(this) : IntStream.rangeClosed(hostPort, lastPort).mapToObj(this::at).toList();
    }

    boolean isSameInside(PublishedPort other) {
        return protocol == other.protocol && containerPort == other.containerPort;
    }

    /** The host's side, as in {@code 0.0.0.0:8080}. */
    public String outside() {
        return (address == null ? "[" + address6 + "]" : address.toString()) + ":" + hostPort
                + (lastPort == null ? "" : "-" + lastPort);
    }

    /** The container's side, as in {@code 80/tcp}. */
    public String inside() {
        return containerPort + "/" + protocol.word();
    }

    @Override
    public String toString() {
        return outside() + "->" + inside();
    }
}
