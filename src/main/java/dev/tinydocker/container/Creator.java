package dev.tinydocker.container;

import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.namespace.SysctlParser;
import dev.tinydocker.network.NetworkService;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.rootfs.Rootfs;
import dev.tinydocker.rootfs.RootfsService;
import dev.tinydocker.security.SecurityService;
import dev.tinydocker.volume.Made;
import dev.tinydocker.volume.Mount;
import dev.tinydocker.volume.VolumeService;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** Turns a wish into a container on record, once all that can be wrong with it has been looked at. */
@Component
class Creator {

    private static final int TRIES = 3;

    private final ContainerRecord record;
    private final LiveContainers containers;
    private final Bases bases;
    private final RootfsService rootfs;
    private final VolumeService volumes;
    private final SecurityService security;
    private final NetworkService networks;
    private final Claims claims;
    private final CgroupService cgroups;
    private final UserChoice users;

    Creator(ContainerRecord record, LiveContainers containers, Bases bases,
            RootfsService rootfs, VolumeService volumes, SecurityService security, NetworkService networks,
            CgroupService cgroups, Claims claims, UserChoice users) {
        this.record = record;
        this.containers = containers;
        this.bases = bases;
        this.rootfs = rootfs;
        this.volumes = volumes;
        this.security = security;
        this.networks = networks;
        this.claims = claims;
        this.cgroups = cgroups;
        this.users = users;
    }

    /** A container that was created, and the files it starts from. */
    record Created(Container container, Rootfs root) {
    }

    /**
     * Puts it on record.
     *
     * @param id the container's
     * @param explanation told of it, null where nobody wants to know
     * @param looked told what is to be recorded when nothing is wrong with the wish itself
     */
    Created create(String id, ContainerSpec wish, Consumer<String> notice, @Nullable Explanation explanation,
            Consumer<ContainerSpec> looked) {
        Made made = new Made();
        try {
            for (;;) {
                Optional<Created> created = tryToCreate(id, wish, made, notice, explanation, looked);
                if (created.isPresent()) {
                    return created.get();
                }
            }
        } catch (RuntimeException e) {
            if (!made.isEmpty()) {
                undo(made, e);
                Explanation.tell(explanation, Remains.UNDO, "remove what was made for its mounts",
                        "since nobody mounts it");
            }
            throw e;
        }
    }

    private void undo(Made made, RuntimeException problem) {
        try {
            volumes.undo(made);
        } catch (RuntimeException e) {
            problem.addSuppressed(e);
        }
    }

    /** Empty where something was removed meanwhile that may be what the container was to start from. */
    private Optional<Created> tryToCreate(String id, ContainerSpec wish, Made made, Consumer<String> notice,
            @Nullable Explanation explanation, Consumer<ContainerSpec> looked) {
        long before = claims.removals();
        Created wanted = Explanation.step(explanation, "image", "find the image",
                "which says what is started, and as whom", () -> wouldBe(id, wish, notice));
        Container container = wanted.container();
        List<Mount> mounts = container.spec().mounts();
        ContainerSpec chosen = Explanation.step(explanation, "files",
                (mounts.isEmpty() ? "" : "look for what is to be mounted, and ") + "choose whose its files are",
                "so that its root is nobody else on this host where that can be", () -> {
                    volumes.prepare(mounts, made);
                    volumes.fill(mounts, target -> rootfs.shown(wanted.root(), target));
                    return users.choose(container.spec(), wanted.root(), notice);
                });
        looked.accept(chosen);
        return Explanation.step(explanation, "record", "record that the container starts",
                "so that the next engine finds it, should this one die meanwhile",
                () -> insert(id, before, chosen, wanted.root(), container.argv())
                        .map(created -> new Created(created, wanted.root())));
    }

    /** What would be created, with users of its own where it would have them, and nothing on record. */
    Created planned(ContainerSpec wish, Consumer<String> notice) {
        Created wanted = wouldBe(Names.id(), wish, notice);
        ContainerSpec chosen = users.choose(wanted.container().spec(), wanted.root(), notice);
        // Nothing is recorded, so that nobody would say that it is another's.
        users.taken();
        Integer range = users.range(chosen);
        ContainerSpec whole = range == null ? chosen : users.with(chosen, range);
        return new Created(wanted.container().with(whole), wanted.root());
    }

    private Created wouldBe(String id, ContainerSpec wish, Consumer<String> notice) {
        NetworkWish network = others(wish.network());
        check(network, wish.sysctlsOrNone().keySet());
        Base base = bases.find(wish, notice);
        ContainerSpec merged = wish.on(base);
        ContainerSpec spec = merged.with(networks.known(network.exposing(base.exposed())))
                .with(cgroups.usual(merged.limits())).placed(volumes.placed(merged.mounts()));
        List<String> argv = spec.argv();
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw new InvalidRequest("run '" + base.root().name() + "'", "there is no command to execute",
                    "name one after the image");
        }
        security.check(spec.security());
        if (!spec.devicesOrUsual().find().isEmpty()) {
            GivenNodes.of(rootfs.fileSystems(OptionalInt.empty(), null), spec.devicesOrUsual(), false);
        }
        String name = spec.name() == null ? Names.of(id) : Names.checked(spec.name());
        return new Created(new Container(id, name, base.root().name(), argv, spec, ContainerState.CREATED, null,
                Instant.now(), null, null, null, false, null, null), base.root());
    }

    /** The same wish with the id of the container whose network stack it is to have. */
    private NetworkWish others(NetworkWish wish) {
        return wish.joined().map(record::find).map(other -> wish.joining(other.id(), other.spec().network()))
                .orElse(wish);
    }

    /** Before an image is pulled. What is set where a container has no stack of its own is this host's setting. */
    private static void check(NetworkWish network, Set<String> sysctls) {
        List<String> hosts = network.sharesHost() ? sysctls.stream().filter(SysctlParser::isNetwork).toList()
                : List.of();
        if (!hosts.isEmpty()) {
            throw new InvalidRequest("use '" + String.join("', '", hosts) + "' for --sysctl",
                    "with the host's network it is the host's", "leave it out");
        }
    }

    private Optional<Container> insert(String id, long before, ContainerSpec spec, Rootfs root, List<String> argv) {
        String wanted = spec.name() == null ? null : Names.checked(spec.name());
        for (int attempt = 1;; attempt++) {
            String name = wanted == null ? Names.of(id) : wanted;
            Integer range = users.range(spec);
            ContainerSpec whole = range == null ? spec : users.with(spec, range);
            try {
                return claims.record(before, () -> record.insert(id, name, root.name(), argv, whole, range));
            } catch (DuplicateKeyException e) {
                if (String.valueOf(e.getMostSpecificCause().getMessage()).contains("id_range")) {
                    users.taken();
                    continue;
                }
                if (attempt == TRIES || wanted != null && !isBeingRemoved(wanted)) {
                    throw new Conflict("name the container '" + name + "'", "the name is taken by another container",
                            "remove that one with 'rm " + name + "' or choose another name");
                }
            }
        }
    }

    /** A container that goes with its end frees its name a moment after its user was answered: waits for that. */
    private boolean isBeingRemoved(String name) {
        Container holder;
        try {
            holder = record.find(name);
        } catch (NotFound e) {
            return true;
        }
        if (!holder.isLeaving()) {
            return false;
        }
        containers.find(holder.id()).ifPresent(live -> live.cleaned.join());
        return true;
    }
}
