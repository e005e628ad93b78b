package dev.tinydocker.network;

import dev.tinydocker.linux.Subnet;
import dev.tinydocker.problem.InvalidRequest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.util.Optional;
import java.util.regex.Pattern;

/** What config/application.yml says of networks. Read when a container is first connected to one. */
@Component
class NetworkSettings {

    /** A link's name has 15 bytes at most; what else the kernel and nft would take needs quotes somewhere. */
    private static final Pattern LINK = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]{0,14}");

    private static final int WIDEST = 8;
    private static final int NARROWEST = 29;

    private final String bridge;
    private final String subnet;

    NetworkSettings(@Value("${tiny.network.bridge}") String bridge, @Value("${tiny.network.subnet}") String subnet) {
        this.bridge = bridge;
        this.subnet = subnet;
    }

    /** The name of the bridge, and of this engine's table in the packet filter. */
    String bridge() {
        if (!LINK.matcher(bridge).matches()) {
            throw new InvalidRequest("name the bridge '" + bridge + "'", "that is no name for a link",
                    "set tiny.network.bridge to up to 15 letters, digits, '-' and '_'");
        }
        return bridge;
    }

    /** The containers' addresses, where they are not left to the engine. */
    Optional<Subnet> subnet() {
        if (subnet.isEmpty()) {
            return Optional.empty();
        }
        try {
            Subnet parsed = Subnet.parse(subnet);
            if (!Pool.isOfHosts(parsed)) {
                throw refused("it has addresses that no host can have for others");
            }
            if (parsed.prefix() >= WIDEST && parsed.prefix() <= NARROWEST) {
                return Optional.of(parsed);
            }
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
        throw refused("it is larger than /" + WIDEST + " or smaller than /" + NARROWEST);
    }

    private InvalidRequest refused(String why) {
        return new InvalidRequest("use the subnet '" + subnet + "'", why,
                "set tiny.network.subnet to one as in 172.20.0.0/16, or to nothing");
    }
}
