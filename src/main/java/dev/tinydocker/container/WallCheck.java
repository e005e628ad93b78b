package dev.tinydocker.container;

import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.HostMemory;
import dev.tinydocker.linux.SecurityModules;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.namespace.IdRange;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.security.Labels;
import dev.tinydocker.security.ResourceLimit;
import dev.tinydocker.security.SecurityService;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.volume.Mount;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at the walls around a container's first process, as the kernel tells, and at those that were asked. */
@Component
public class WallCheck {

    private static final String PIDS = "pids.max";
    private static final String SHM = "/dev/shm";
    private static final String CGROUPS = "/sys/fs/cgroup";
    private static final long KIB = 1024;
    private static final String HOSTS_USERS = "0 0 4294967295";

    private final SecurityService security;
    private final CgroupService cgroups;

    WallCheck(SecurityService security, CgroupService cgroups) {
        this.security = security;
        this.cgroups = cgroups;
    }

    /**
     * One wall.
     *
     * @param stands whether it is at least as high as was asked: a program may give up more by itself
     */
    public record Wall(String name, String asked, String is, boolean stands) {
    }

    /** Those that a container has while it runs, whether it does or not. */
    public Walls inForce(Container container) {
        ContainerSpec spec = container.spec();
        SecurityWish wish = spec.security();
        String seccomp = !security.isFiltered(wish) ? SecurityWish.UNCONFINED
                : wish.ownProfile().isEmpty() ? "builtin" : "given";
        return new Walls(SecurityService.names(security.rootCapabilities(wish)),
                SecurityService.names(security.otherCapabilities(wish)), security.noNewPrivileges(wish), seccomp,
                security.appArmor(wish).orElse(SecurityModules.appArmor() ? SecurityWish.UNCONFINED : ""),
                security.labels(wish, container.id()),
                isLandlocked(spec), security.maskedPaths(wish), security.readOnlyPaths(wish));
    }

    /** Of Landlock the kernel tells nothing; what was asked was done, or the container would not run. */
    public boolean isLandlocked(ContainerSpec spec) {
        return security.isLandlocked(spec.security(), spec.network().sharesHost());
    }

    /** @throws Conflict where the container does not run */
    public List<Wall> walls(Container container) {
        Integer pid = container.pid();
        if (pid == null) {
            throw new Conflict("look at the walls of '" + container.name() + "'", "it is not running", "");
        }
        try {
            List<Wall> walls = new ArrayList<>();
            process(walls, container, pid, ProcessState.read(pid));
            namespaces(walls, container.spec(), pid);
            cgroups(walls, container, pid);
            limits(walls, container.spec(), pid);
            mounts(walls, container.spec(), pid);
            return walls;
        } catch (IOException e) {
            throw new Conflict("look at the walls of '" + container.name() + "'", "it has just ended", "", e);
        }
    }

    private void process(List<Wall> walls, Container container, int pid, ProcessState state) throws IOException {
        ContainerSpec spec = container.spec();
        SecurityWish wish = spec.security();
        boolean root = spec.usersOrHost().inside(state.user()).orElse(-1) == 0 || state.user() == 0;
        long most = security.rootCapabilities(wish);
        long ambient = security.otherCapabilities(wish);
        walls.add(atMost("bounding capabilities", most, state.mask("CapBnd")));
        walls.add(atMost("effective capabilities", root ? most : ambient, state.mask("CapEff")));
        walls.add(atMost("ambient capabilities", root ? 0 : ambient, state.mask("CapAmb")));
        walls.add(atLeast("no_new_privs", security.noNewPrivileges(wish) ? 1 : 0, state.number("NoNewPrivs")));
        walls.add(atLeast("seccomp mode", security.isFiltered(wish) ? 2 : 0, state.number("Seccomp")));
        modules(walls, spec, pid);
        Labels labels = security.labels(wish, container.id());
        if (!labels.isNone()) {
            String is = Files.readString(Path.of("/proc/" + pid + "/attr/current")).replace("\0", "").strip();
            walls.add(new Wall("SELinux context", labels.process(), is, is.equals(labels.process())));
        }
    }

    private void modules(List<Wall> walls, ContainerSpec spec, int pid) throws IOException {
        if (SecurityModules.appArmor()) {
            Path profile = Path.of("/proc/" + pid + "/attr/apparmor/current");
            String asked = security.appArmor(spec.security()).orElse(SecurityWish.UNCONFINED);
            String is = Files.readString(profile).strip().replaceFirst(" \\(enforce\\)$", "");
            boolean stands = is.equals(asked) || asked.equals(SecurityWish.UNCONFINED);
            walls.add(new Wall("AppArmor profile", asked, is, stands));
        }
        boolean locked = isLandlocked(spec);
        walls.add(new Wall("Landlock", locked ? "locked in" : "none", "the kernel does not tell", true));
    }

    private static Wall atMost(String name, long asked, long is) {
        return new Wall(name, "%016x".formatted(asked), "%016x".formatted(is), (is & ~asked) == 0);
    }

    private static Wall atLeast(String name, long asked, long is) {
        return new Wall(name, Long.toString(asked), Long.toString(is), is >= asked);
    }

    private static void namespaces(List<Wall> walls, ContainerSpec spec, int pid) throws IOException {
        Users users = spec.usersOrHost();
        String asked = users.apart() ? users.ranges().stream().sorted(Comparator.comparingLong(IdRange::inside))
                .map(WallCheck::line).collect(Collectors.joining(", ")) : HOSTS_USERS;
        for (String map : List.of("uid_map", "gid_map")) {
            String is;
            // Of more than five ranges the kernel keeps the order of their numbers inside.
            try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/" + map))) {
                is = lines.map(line -> line.strip().replaceAll(" +", " "))
                        .sorted(Comparator.comparingLong(line -> Long.parseLong(line.split(" ")[0])))
                        .collect(Collectors.joining(", "));
            }
            walls.add(new Wall(map, asked, is, is.equals(asked)));
        }
        for (String kind : List.of("mnt", "pid", "uts", "ipc", "cgroup", "net")) {
            boolean own = !kind.equals("net") || !spec.network().sharesHost();
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

    private void cgroups(List<Wall> walls, Container container, int pid) throws IOException {
        String id = container.id();
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/cgroup"))) {
            long own = lines.filter(line -> line.endsWith("/" + id)).count();
            walls.add(new Wall("cgroup", "its own", own > 0 ? "its own" : "another's", own > 0));
        }
        ContainerSpec spec = container.spec();
        CgroupService.DeviceCheck devices = cgroups.checkDevices(id, spec.devicesOrUsual(),
                spec.security().privileged());
        walls.add(new Wall("devices", devices.asked(), devices.beyond().isEmpty() ? "no others"
                : "also " + String.join(", ", devices.beyond()), devices.beyond().isEmpty()));
        for (HostStep step : cgroups.plan(id, spec.limits()).host()) {
            if (step instanceof HostStep.SetCgroup set && set.file().endsWith(PIDS)) {
                String is = Files.readString(set.file()).strip();
                walls.add(new Wall(PIDS, set.value(), is, is.equals(set.value())));
            }
        }
    }

    /** A program may lower each, and raise the soft one as far as the hard one. */
    private static void limits(List<Wall> walls, ContainerSpec spec, int pid) throws IOException {
        ProcessLimits limits = ProcessLimits.read(pid);
        for (ResourceLimit asked : spec.resourceLimits()) {
            ResourceLimit is = limits.of(asked);
            walls.add(new Wall("ulimit " + asked.name(), asked.word(), is.word(),
                    Long.compareUnsigned(is.hard(), asked.hard()) <= 0));
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
        walls.add(options(table, "/proc", List.of("nosuid", "nodev", "noexec")));
        if (!wish.privileged()) {
            walls.add(options(table, "/sys", List.of("ro", "nosuid", "nodev", "noexec")));
            walls.add(cgroupMounts(table, spec));
        }
        walls.add(options(table, "/", spec.readOnly() ? List.of("ro", "nodev") : List.of("nodev")));
        if (spec.mounts().stream().noneMatch(mount -> mount.target().equals(SHM)) && !spec.volumes().contains(SHM)) {
            walls.add(options(table, SHM, List.of("nosuid", "nodev", "noexec")));
            bound(walls, table, SHM, "size", spec.shmBytesOrUsual());
        }
        for (String volume : spec.volumes()) {
            if (spec.mounts().stream().noneMatch(mount -> mount.target().equals(volume))) {
                walls.add(options(table, place(table, pid, volume), List.of("nodev")));
            }
        }
        for (Mount mount : spec.mounts()) {
            switch (mount) {
                case Mount.Bind bind -> walls.add(options(table, place(table, pid, bind.target()),
                        due(bind.readOnly(), bind.permits(), true)));
                case Mount.Tmpfs tmpfs -> {
                    String place = place(table, pid, tmpfs.target());
                    walls.add(options(table, place, due(tmpfs.readOnly(), tmpfs.permits(), tmpfs.exec())));
                    bound(walls, table, place, "size", tmpfs.sizeBytes());
                    bound(walls, table, place, "nr_inodes", tmpfs.inodes());
                }
            }
        }
    }

    /** Who writes there sets limits, or, on version 1, what this host executes: release_agent. */
    private static Wall cgroupMounts(MountTable table, ContainerSpec spec) {
        List<String> writable = table.mounts().keySet().stream().filter(target -> Path.of(target).startsWith(CGROUPS)
                && !table.has(target, "ro") && spec.mounts().stream().noneMatch(mount -> Path.of(target)
                        .startsWith(mount.target()))).sorted().toList();
        return new Wall("mounts of " + CGROUPS, "ro", writable.isEmpty() ? "ro" : "rw " + String.join(" ", writable),
                writable.isEmpty());
    }

    /** What was asked to be mounted on a link is where it leads. */
    private static String place(MountTable table, int pid, String target) throws IOException {
        if (table.has(target)) {
            return target;
        }
        try (DirectoryHandle root = DirectoryHandle.open(Path.of("/proc/" + pid + "/root/."))) {
            return root.placeInRoot(target.getBytes(StandardCharsets.UTF_8));
        } catch (SyscallException e) {
            return target;
        }
    }

    private static List<String> due(boolean readOnly, List<String> permits, boolean exec) {
        return Stream.of(readOnly ? "ro" : "", permits.contains("suid") ? "" : "nosuid", permits.contains("dev") ? ""
                : "nodev", exec ? "" : "noexec").filter(option -> !option.isEmpty()).toList();
    }

    /** How much memory takes, where that was said; 0 is without bounds to the kernel too, which counts in pages. */
    private static void bound(List<Wall> walls, MountTable table, String target, String key, @Nullable Long asked) {
        if (asked == null) {
            return;
        }
        String word = table.value(target, key);
        long is = word.endsWith("k") ? Long.parseLong(word.substring(0, word.length() - 1)) * KIB
                : word.isEmpty() ? 0 : Long.parseLong(word);
        long page = key.equals("size") ? HostMemory.pageBytes() : 1;
        walls.add(new Wall(key + " of " + target, Long.toString(asked), word.isEmpty() ? "not told" : Long.toString(is),
                asked == 0 || is > 0 && is - asked < page));
    }

    private static Wall options(MountTable table, String target, List<String> asked) {
        return new Wall("mount " + target, String.join(",", asked), String.join(",", table.options(target)),
                asked.stream().allMatch(option -> table.has(target, option)));
    }

    private static boolean isThere(int pid, String path) {
        return Files.exists(Path.of("/proc/" + pid + "/root" + path), LinkOption.NOFOLLOW_LINKS);
    }
}
