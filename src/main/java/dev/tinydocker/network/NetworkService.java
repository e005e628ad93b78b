package dev.tinydocker.network;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;
import org.springframework.stereotype.Service;

import java.nio.file.Path;
import java.util.List;

/** What a container sees of the network. */
@Service
public class NetworkService {

    /** Writes hosts, hostname and resolv.conf into the container's run directory. */
    public List<HostStep> files(Path directory, String hostname, NetworkMode mode) {
        throw new UnsupportedOperationException();
    }

    /** Shows these three files in the container, under /etc. */
    public List<ShimStep> binds(Path directory) {
        throw new UnsupportedOperationException();
    }

    /** Sets lo up where the container has a network stack of its own. */
    public List<ShimStep> loopback(NetworkMode mode) {
        throw new UnsupportedOperationException();
    }
}
