package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;

import java.util.Locale;

/**
 * A port of this host that leads to one of a container.
 *
 * @param address of this host; {@link Ipv4#ANY} for all it has
 * @param hostPort 0 is any free one, before the container starts
 */
public record PublishedPort(Protocol protocol, Ipv4 address, int hostPort, int containerPort) {

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
    }

    /** The same with that port of the host. */
    PublishedPort at(int port) {
        return new PublishedPort(protocol, address, port, containerPort);
    }

    boolean isSameInside(PublishedPort other) {
        return protocol == other.protocol && containerPort == other.containerPort;
    }

    /** The host's side, as in {@code 0.0.0.0:8080}. */
    public String outside() {
        return address + ":" + hostPort;
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
