package dev.tinydocker.container;

import dev.tinydocker.namespace.IdRange;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.security.SecurityService;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.volume.Mount;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at the walls around a container's first process, as the kernel tells, and at those that were asked. */
@Component
public class WallCheck {

    private static final String HOSTS_USERS = "0 0 4294967295";

    private final SecurityService security;

    WallCheck(SecurityService security) {
        this.security = security;
    }

    /**
     * One wall.
     *
     * @param stands whether it is at least as high as was asked: a program may give up more by itself
     */
    public record Wall(String name, String asked, String is, boolean stands) {
    }

    /** @throws Conflict where the container does not run */
    public List<Wall> walls(Container container) {
        Integer pid = container.pid();
        if (pid == null) {
            throw new Conflict("look at the walls of '" + container.name() + "'", "it is not running", "");
        }
        try {
            List<Wall> walls = new ArrayList<>();
            process(walls, container.spec(), ProcessState.read(pid));
            namespaces(walls, container.spec(), pid);
            cgroups(walls, container.id(), pid);
            mounts(walls, container.spec(), pid);
            return walls;
        } catch (IOException e) {
            throw new Conflict("look at the walls of '" + container.name() + "'", "it has just ended", "", e);
        }
    }

    private void process(List<Wall> walls, ContainerSpec spec, ProcessState state) {
        SecurityWish wish = spec.security();
        boolean root = spec.usersOrHost().inside(state.user()).orElse(-1) == 0 || state.user() == 0;
        long most = security.rootCapabilities(wish);
        long ambient = security.otherCapabilities(wish);
        walls.add(atMost("bounding capabilities", most, state.mask("CapBnd")));
        walls.add(atMost("effective capabilities", root ? most : ambient, state.mask("CapEff")));
        walls.add(atMost("ambient capabilities", root ? 0 : ambient, state.mask("CapAmb")));
        walls.add(atLeast("no_new_privs", security.noNewPrivileges(wish) ? 1 : 0, state.number("NoNewPrivs")));
        walls.add(atLeast("seccomp mode", security.isFiltered(wish) ? 2 : 0, state.number("Seccomp")));
    }

    private static Wall atMost(String name, long asked, long is) {
        return new Wall(name, "%016x".formatted(asked), "%016x".formatted(is), (is & ~asked) == 0);
    }

    private static Wall atLeast(String name, long asked, long is) {
        return new Wall(name, Long.toString(asked), Long.toString(is), is >= asked);
    }

    private static void namespaces(List<Wall> walls, ContainerSpec spec, int pid) throws IOException {
        Users users = spec.usersOrHost();
        String asked = users.apart() ? users.ranges().stream().map(WallCheck::line).collect(Collectors.joining(", "))
                : HOSTS_USERS;
        for (String map : List.of("uid_map", "gid_map")) {
            String is;
            try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/" + map))) {
                is = lines.map(line -> line.strip().replaceAll(" +", " ")).collect(Collectors.joining(", "));
            }
            walls.add(new Wall(map, asked, is, is.equals(asked)));
        }
        for (String kind : List.of("mnt", "pid", "uts", "ipc", "cgroup", "net")) {
            boolean own = !kind.equals("net") || spec.network().mode().isOwn();
            boolean apart = !namespace("self", kind).equals(namespace(Integer.toString(pid), kind));
            walls.add(new Wall(kind + " namespace", own ? "its own" : "the host's", apart ? "its own" : "the host's",
                    apart || !own));
        }
    }

    private static String line(IdRange range) {
        return range.inside() + " " + range.outside() + " " + range.size();
    }

    private static Path namespace(String pid, String kind) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + kind));
    }

    private static void cgroups(List<Wall> walls, String id, int pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/cgroup"))) {
            long own = lines.filter(line -> line.endsWith("/" + id)).count();
            walls.add(new Wall("cgroup", "its own", own > 0 ? "its own" : "another's", own > 0));
        }
    }

    private void mounts(List<Wall> walls, ContainerSpec spec, int pid) throws IOException {
        MountTable table = MountTable.read(pid);
        SecurityWish wish = spec.security();
        List<String> bare = security.maskedPaths(wish).stream().filter(path -> isThere(pid, path) && !table.has(path))
                .toList();
        walls.add(new Wall("masked paths", "all of " + security.maskedPaths(wish).size(),
                bare.isEmpty() ? "all that are there" : "not " + String.join(" ", bare), bare.isEmpty()));
        List<String> writable = security.readOnlyPaths(wish).stream()
                .filter(path -> isThere(pid, path) && !table.has(path, "ro")).toList();
        walls.add(new Wall("read-only paths", "all of " + security.readOnlyPaths(wish).size(),
                writable.isEmpty() ? "all that are there" : "not " + String.join(" ", writable), writable.isEmpty()));
        if (!wish.privileged()) {
            walls.add(options(table, "/sys", List.of("ro", "nosuid", "nodev", "noexec")));
        }
        walls.add(options(table, "/", spec.readOnly() ? List.of("ro", "nodev") : List.of("nodev")));
        for (Mount mount : spec.mounts()) {
            if (mount instanceof Mount.Bind bind) {
                List<String> permits = bind.permits();
                List<String> due = Stream.of(bind.readOnly() ? "ro" : "", permits.contains("suid") ? "" : "nosuid",
                        permits.contains("dev") ? "" : "nodev").filter(option -> !option.isEmpty()).toList();
                walls.add(options(table, bind.target(), due));
            }
        }
    }

    private static Wall options(MountTable table, String target, List<String> asked) {
        return new Wall("mount " + target, String.join(",", asked), String.join(",", table.options(target)),
                asked.stream().allMatch(option -> table.has(target, option)));
    }

    private static boolean isThere(int pid, String path) {
        return Files.exists(Path.of("/proc/" + pid + "/root" + path), LinkOption.NOFOLLOW_LINKS);
    }
}
