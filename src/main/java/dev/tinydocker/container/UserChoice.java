package dev.tinydocker.container;

import dev.tinydocker.namespace.UserRanges;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.rootfs.Rootfs;
import dev.tinydocker.shim.Idmapping;
import dev.tinydocker.store.Layout;
import dev.tinydocker.volume.Mount;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Chooses whose users a container has, where it may have its own, and finds it a range of them. */
@Component
class UserChoice {

    private static final Path ROOT = Path.of("/");

    /** What is mounted over the root directory is not what its name leads to. */
    private static final Idmapping.Answer UNMAPPED = new Idmapping.Answer(false, true,
            "this host's own root directory cannot show other owners");

    private final UserRanges ranges;
    private final Idmapping idmapping;
    private final ContainerRecord record;
    private final Layout layout;
    private volatile @Nullable Set<Integer> used;

    UserChoice(UserRanges ranges, Idmapping idmapping, ContainerRecord record, Layout layout) {
        this.ranges = ranges;
        this.idmapping = idmapping;
        this.record = record;
        this.layout = layout;
    }

    /**
     * The wish with a choice made.
     *
     * @param notice told why it has the host's users where it was to have its own
     * @throws HostLacks where just these were asked for and cannot be
     */
    ContainerSpec choose(ContainerSpec wish, Rootfs root, Consumer<String> notice) {
        Users users = wish.usersOrHost();
        if (users.mode() == Users.Mode.NOT_ASKED) {
            // A network of the host, or of another container, obeys whoever it belongs to: no port below 1024, no ping.
            // And all that a privileged container is for is the host's.
            boolean needsHosts = wish.network().mode() == NetworkMode.HOST || wish.network().joined().isPresent()
                    || wish.security().privileged();
            users = needsHosts ? Users.HOST : ranges.usual();
        }
        if (users.mode() == Users.Mode.HOST) {
            return wish.with(users);
        }
        for (Path path : paths(wish, root)) {
            Idmapping.Answer answer = path.equals(ROOT) && root.lower().contains(ROOT) ? UNMAPPED : idmapping.of(path);
            if (!answer.possible() && answer.needed()) {
                if (users.mode() == Users.Mode.MAP) {
                    throw new HostLacks("run '" + root.name() + "' with --userns=" + users.word(),
                            "'" + path + "': " + answer.why(), "leave out --userns");
                }
                notice.accept("root in this container is root of the host: '" + path + "': " + answer.why());
                return wish.with(Users.HOST);
            }
        }
        return wish.with(users);
    }

    /** What is shown with the container's owners. */
    private Set<Path> paths(ContainerSpec wish, Rootfs root) {
        Set<Path> paths = new LinkedHashSet<>();
        // Layers of an image may go while they are looked at; the directory they are in does not.
        root.lower().forEach(layer -> paths.add(layer.startsWith(layout.dataRoot()) ? layer.getParent() : layer));
        paths.add(layout.dataRoot());
        for (Mount mount : wish.mounts()) {
            if (mount instanceof Mount.Bind bind) {
                paths.add(Path.of(bind.source()));
            }
        }
        return paths;
    }

    /** The number of a range for a container that is to have one, null for any other. */
    @Nullable Integer range(ContainerSpec spec) {
        Users users = spec.usersOrHost();
        if (users.mode() != Users.Mode.AUTO) {
            return null;
        }
        Set<Integer> known = used;
        try {
            return ranges.next(known == null ? Set.of() : known);
        } catch (HostLacks e) {
            // Some may have been given back since it was asked which are in use.
            Set<Integer> now = record.ranges();
            used = now;
            return ranges.next(now);
        }
    }

    /** The number that was given last is another container's, or may be: those in use now are given to nobody. */
    void taken() {
        used = record.ranges();
    }

    ContainerSpec with(ContainerSpec spec, int range) {
        return spec.with(spec.usersOrHost().with(ranges.range(range)));
    }
}
