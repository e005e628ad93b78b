package dev.tinydocker.network.names;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Who has asked.
 *
 * @param networks those that the asker is in, by number
 * @param outside whether other names than those of containers are asked of others
 * @param servers whom to ask then; empty for those of the host
 */
public record Asker(List<Long> networks, boolean outside, List<InetSocketAddress> servers) {
}
