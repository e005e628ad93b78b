package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Subnet;

/**
 * A network as it stands in the record.
 *
 * @param bridge the name of the link that joins its containers, which is also the host's foot in it
 */
record Network(long id, String name, String bridge, Subnet subnet) {

    /** The host's address, and the way to everywhere else. */
    Ipv4 gateway() {
        return subnet.first().plus(1);
    }
}
