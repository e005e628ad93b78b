package dev.tinydocker.namespace;

import dev.tinydocker.problem.HostLacks;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Gives ranges of users out, by number. They go round: one that was given back is used again as late as can be. Who
 * has which is on record with the containers.
 */
@Service
public class UserRanges {

    private final UserSettings settings;
    private final Path etc;
    private @Nullable List<IdRange> taken;
    private int next;

    @Autowired
    UserRanges(UserSettings settings) {
        this(settings, Path.of("/etc"));
    }

    UserRanges(UserSettings settings, Path etc) {
        this.settings = settings;
        this.etc = etc;
    }

    /** What a container has that asked for nothing. */
    public Users usual() {
        return settings.usual();
    }

    /** The range of a number. */
    public IdRange range(int number) {
        return settings.range(number);
    }

    /**
     * A number for one more container, which is not one of those in use.
     *
     * @throws HostLacks where all are
     */
    public synchronized int next(Set<Integer> used) {
        int count = settings.count();
        if (taken == null) {
            taken = HostIds.taken(etc);
        }
        for (int attempt = 0; attempt < count; attempt++) {
            int number = Math.floorMod(next++, count);
            if (!used.contains(number) && taken.stream().noneMatch(range(number)::overlapsOutside)) {
                return number;
            }
        }
        throw new HostLacks("give the container users of its own",
                "all " + count + " ranges are taken, by containers or by users of this host",
                "remove containers, set tiny.users.first and tiny.users.count, or run it with --userns=host");
    }
}
