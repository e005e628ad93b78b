package dev.tinydocker.security;

import dev.tinydocker.plan.ShimStep;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import java.util.List;

/** Who the process is and what it may do. */
@Service
public class SecurityService {

    /** Hides what tells of the host and locks what changes it; after /proc and /sys are mounted. */
    public List<ShimStep> masks() {
        throw new UnsupportedOperationException();
    }

    /** The user, and what is left of root's power; {@code user} as {@code NAME|UID[:GROUP|GID]}, null for root. */
    public List<ShimStep> credentials(@Nullable String user) {
        throw new UnsupportedOperationException();
    }

    /** The resource limits that were asked for. */
    public List<ShimStep> limits(List<ResourceLimit> limits) {
        throw new UnsupportedOperationException();
    }
}
