package dev.tinydocker.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The shim's steps as commands of a shell, each in the part of the script that it belongs to. A switch without a
 * default, so that no step is left out of a script.
 */
final class ShellContainer {

    /** Who does it, in a script: one function of it each. */
    enum Part {
        /** The script itself, before there is a container. */
        HOST,
        /** The container's first process, while it still has the host's files. */
        FIRST,
        /** A process beside it in the same namespaces, which makes its files. */
        FILES,
        /** The same when the first process no longer needs the host's files. */
        PIVOT
    }

    /** The commands of one step. */
    record Lines(Part part, List<String> commands) {
    }

    /** What is written there takes effect with the next program that is executed, of which there are many here. */
    private static final List<Path> OF_SECURITY_MODULES = List.of(Path.of("/proc/self/attr"),
            Path.of("/proc/thread-self/attr"));
    private static final Map<Long, String> OPTIONS = new LinkedHashMap<>();

    static {
        OPTIONS.put(MountFlags.MS_REMOUNT, "remount");
        OPTIONS.put(MountFlags.MS_BIND, "bind");
        OPTIONS.put(MountFlags.MS_RDONLY, "ro");
        OPTIONS.put(MountFlags.MS_NOSUID, "nosuid");
        OPTIONS.put(MountFlags.MS_NODEV, "nodev");
        OPTIONS.put(MountFlags.MS_NOEXEC, "noexec");
        OPTIONS.put(MountFlags.MS_STRICTATIME, "strictatime");
    }

    private final ShellWords words;
    private final ShellStart start;
    private String owner = "";

    ShellContainer(ShellWords words, ShellStart start) {
        this.words = words;
        this.start = start;
    }

    Lines lines(ShimStep step) {
        return switch (step) {
            case ShimStep.ExitRecord _ -> host("# here that is the exit status of this script");
            case ShimStep.Log _ -> host("# not done here: what is written goes where this script's output goes");
            case ShimStep.Stdio s -> host(start.stdio(s));
            case ShimStep.Users s -> host(start.users(s, words));
            case ShimStep.Clone s -> cloned(s);
            case ShimStep.Join s -> host(start.join(s));
            case ShimStep.Owner s -> owner(s);
            case ShimStep.Idmap s -> files("show_owners " + words.of(s.path()));
            case ShimStep.EnterUsers _ -> first(start.enterUsers());
            case ShimStep.Seccomp _ -> first("# cannot be said here: no command of util-linux 2.38 loads a filter; "
                    + "this container may make every system call");
            case ShimStep.Landlock _ -> first("# cannot be said here: no command of util-linux 2.38 makes such rules");
            case ShimStep.Keyring _ -> first("# cannot be said here: no command of util-linux does it; it has the keys "
                    + "of who starts this");
            case ShimStep.Write s -> write(s);
            case ShimStep.WriteIn s -> write(new ShimStep.Write(Path.of(s.path()), s.content(), s.why()));
            case ShimStep.Unshare s -> unshare(s);
            case ShimStep.Directory s -> files("cd " + words.of(s.path()));
            case ShimStep.Mount s -> files(mount(s));
            case ShimStep.Root s -> files("# that is \"$root\"; the function 'inside' leads every path to "
                    + "where it lies in there");
            case ShimStep.Mkdir s -> files("at=$(place directory " + words.of(s.path()) + ")",
                    "chmod 0" + Integer.toOctalString(s.mode()) + " \"$at\"");
            case ShimStep.MountIn s -> files(mountIn(s));
            case ShimStep.BindIn s -> files(bind(s));
            case ShimStep.Mask s -> files("mask " + words.of(s.path()));
            case ShimStep.Readonly s -> files("lock " + words.of(s.path()));
            case ShimStep.Mknod s -> files("device 0" + Integer.toOctalString(s.mode() & 0777) + " "
                    + words.of(s.path()) + " " + DeviceNumber.kind(s.mode()) + " " + DeviceNumber.major(s.device())
                    + " " + DeviceNumber.minor(s.device()));
            case ShimStep.Symlink s -> files("link " + words.of(s.target()) + " " + words.of(s.path()));
            // In a plan that nobody has started there is no address, and so no other link.
            case ShimStep.Netlink _ -> files("ip link set lo up");
            case ShimStep.Hostname s -> files("echo " + words.of(s.name()) + " >/proc/sys/kernel/hostname");
            case ShimStep.Pivot _ -> new Lines(Part.PIVOT, List.of("cd \"$root\"", "pivot_root . dev/.host"));
            case ShimStep.RemountRoot _ -> files("# before pivot_root, while there still is a mount(8) to do it",
                    "mount -o remount,bind,ro \"$root\"");
            case ShimStep.AwaitHost _ -> files("# that is done already");
            case ShimStep.HoldMounts _ -> host("# not done here: this script waits for the mounts to go");
            case ShimStep.Await _ -> first("# that is what is read from pipe 3");
            case ShimStep.Rlimit s -> files("prlimit --pid 1 --" + s.name() + "=" + limit(s.soft()) + ":"
                    + limit(s.hard()));
            case ShimStep.Chdir s -> files("place directory " + words.of(s.path()) + " >\"$run\"/place",
                    start.directory(s, words));
            case ShimStep.Credentials s -> files(start.credentials(s, words));
            case ShimStep.NoNewPrivs _ -> first(start.noNewPrivs());
            case ShimStep.Console _ -> host("# not done here: the terminal is the one that this script has");
            case ShimStep.Init _ -> first(start.init());
            case ShimStep.Exec s -> first(start.exec(s, words));
        };
    }

    private static Lines host(String... lines) {
        return new Lines(Part.HOST, List.of(lines));
    }

    private static Lines host(List<String> lines) {
        return new Lines(Part.HOST, lines);
    }

    private static Lines first(String... lines) {
        return new Lines(Part.FIRST, List.of(lines));
    }

    private static Lines files(String... lines) {
        return new Lines(Part.FILES, List.of(lines));
    }

    private static Lines files(List<String> lines) {
        return new Lines(Part.FILES, lines);
    }

    /** What a process writes of itself; it must be the first one that does. */
    private static boolean isOfProcess(Path file) {
        return !file.startsWith("/proc/sys");
    }

    /** What belongs to the container's users is written as their root. */
    private Lines write(ShimStep.Write s) {
        if (OF_SECURITY_MODULES.stream().anyMatch(s.path()::startsWith)) {
            return first(s.path().endsWith("exec") ? start.confined(s, words)
                    : "# not done here: it would hold for what enters the namespaces too");
        }
        String echo = "echo " + words.of(s.content()) + " >" + words.of(s.path());
        return isOfProcess(s.path()) ? first(echo) : files(owner.isEmpty() ? echo
                : "nsenter \"--user=/proc/$holder/ns/user\" sh -c 'echo \"$1\" >\"$2\"' sh " + words.of(inside(s))
                        + " " + words.of(s.path()));
    }

    /** Groups are told as they are numbered where the writer is: the shim is outside, that shell is not; icmp(7). */
    private String inside(ShimStep.Write s) {
        return !s.path().endsWith("ping_group_range") ? s.content() : Arrays.stream(s.content().strip().split("\\s+"))
                .map(group -> Long.toString(Long.parseLong(group) - Long.parseLong(owner)))
                .collect(Collectors.joining(" "));
    }

    private Lines cloned(ShimStep.Clone s) {
        String said = start.cloned(s);
        return s.cgroup().isEmpty() ? host(said)
                : new Lines(Part.FIRST, List.of("# unshare(1) is not born in a cgroup: it goes there first of all",
                        "echo 0 >" + words.of(s.cgroup()) + "/cgroup.procs"));
    }

    private Lines owner(ShimStep.Owner s) {
        owner = Integer.toUnsignedString(s.user());
        return files("# no command sets the user that files are made for alone: each is given away below",
                "owner=" + owner);
    }

    private Lines unshare(ShimStep.Unshare s) {
        if ((s.flags() & CloneFlags.CLONE_NEWCGROUP) != 0) {
            return first(start.cgroupNamespace());
        }
        return first("# cannot be said here: the host's commands are gone by then; it has the mount namespace above");
    }

    private List<String> mount(ShimStep.Mount s) {
        if (s.type().isEmpty()) {
            return List.of("mount --make-" + (deep(s.flags()) ? "r" : "") + propagation(s.flags()) + " "
                    + words.of(s.target()));
        }
        return List.of("mount -t " + s.type() + " -o " + words.of(options(s.flags(), s.data())) + " "
                + words.of(s.source()) + " " + words.of(s.target()));
    }

    private List<String> mountIn(ShimStep.MountIn s) {
        String place = "at=$(place " + s.make().name().toLowerCase(Locale.ROOT) + " " + words.of(s.target()) + ")";
        if (s.type().isEmpty()) {
            return List.of(place, "mount -o " + words.of(options(s.flags(), s.data())) + " \"$at\"");
        }
        boolean memory = s.type().equals("tmpfs") && !owner.isEmpty();
        // Of two alike the last counts, which is what was asked for.
        String data = memory ? "uid=" + owner + ",gid=" + owner + (s.data().isEmpty() ? "" : "," + s.data()) : s.data();
        List<String> lines = new ArrayList<>(List.of(place, "mount -t " + s.type() + " -o "
                + words.of(options(s.flags(), data)) + " " + words.of(s.source()) + " \"$at\""));
        if (s.type().equals("mqueue")) {
            lines.add("give \"$at\"");
        }
        return lines;
    }

    private List<String> bind(ShimStep.BindIn s) {
        List<String> lines = new ArrayList<>();
        lines.add("at=$(place " + s.make().name().toLowerCase(Locale.ROOT) + " " + words.of(s.target()) + ")");
        lines.add(((s.attributes() & MountFlags.MOUNT_ATTR_IDMAP) != 0 ? "bind_shown" : "mount") + " --"
                + (s.recursive() ? "r" : "") + "bind " + words.of(s.source()) + " \"$at\"");
        // The numbers of the first attributes are those of the flags.
        String attributes = options(s.attributes() & ~MountFlags.MOUNT_ATTR_IDMAP, "");
        if (!attributes.equals("defaults")) {
            if (s.recursive() && (s.attributes() & MountFlags.MOUNT_ATTR_RDONLY) != 0) {
                lines.add("# not what is mounted below it: that takes mount_setattr(2)");
            }
            lines.add("mount -o remount,bind," + attributes + " \"$at\"");
        }
        if (s.propagation() != 0) {
            lines.add("mount --make-" + (s.recursive() ? "r" : "") + propagation(s.propagation()) + " \"$at\"");
        }
        return lines;
    }

    private static boolean deep(long flags) {
        return (flags & MountFlags.MS_REC) != 0;
    }

    private static String propagation(long flags) {
        return (flags & MountFlags.MS_SLAVE) != 0 ? "slave" : (flags & MountFlags.MS_SHARED) != 0 ? "shared"
                : "private";
    }

    /** As mount(8) takes them after -o. */
    private static String options(long flags, String data) {
        String names = OPTIONS.entrySet().stream().filter(each -> (flags & each.getKey()) != 0)
                .map(Map.Entry::getValue).collect(Collectors.joining(","));
        String all = names + (names.isEmpty() || data.isEmpty() ? "" : ",") + data;
        return all.isEmpty() ? "defaults" : all;
    }

    private static String limit(long value) {
        return value == -1 ? "unlimited" : Long.toUnsignedString(value);
    }
}
