package dev.tinydocker.network;

import dev.tinydocker.linux.Link;
import dev.tinydocker.linux.LinkAddress;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A container's link to one network, as the kernel has it now.
 *
 * @param inside its end in the container; null where the kernel does not show it from here
 * @param outside the other end, on the host; null where there is none
 * @param bridge what that end is a port of; null where there is none
 * @param addresses of the bridge
 * @param others the names of the bridge's other ports
 */
public record Wire(Lease lease, @Nullable Link inside, @Nullable Link outside, @Nullable Link bridge,
        List<LinkAddress> addresses, List<String> others) {
}
