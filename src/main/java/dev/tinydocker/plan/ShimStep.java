package dev.tinydocker.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A step the shim does; one record for each op of {@code docs/wire.md}, which says what the op does. Components come in
 * the order of the wire, numbers first; {@code why} is for people and stays here.
 */
public sealed interface ShimStep extends Step {

    @Override
    default String who() {
        return switch (this) {
            case ExitRecord _, Log _, Stdio _, Users _, HoldMounts _, Clone _ -> "shim";
            default -> "child";
        };
    }

    @Override
    default String phase() {
        return switch (this) {
            case ExitRecord _, Log _, Stdio _, Console _ -> "streams";
            case Clone _, Join _, Users _, EnterUsers _, Owner _, Hostname _ -> "namespaces";
            case AwaitHost _, Write _, Unshare _ -> "cgroup";
            case Directory _, Idmap _, Mount _, Root _, Mkdir _, MountIn _, BindIn _, Mknod _, Symlink _, Pivot _,
                    RemountRoot _ -> "files";
            case Mask _, Readonly _, Credentials _, NoNewPrivs _, Seccomp _, Landlock _, Keyring _,
                    Rlimit _ -> "security";
            case Netlink _, WriteIn _, Await _ -> "network";
            case HoldMounts _ -> "shim";
            case Chdir _, Init _, Exec _ -> "program";
        };
    }

    @Override
    default List<KernelCall> calls() {
        return calls(Outcome.AS_PLANNED);
    }

    /** The system calls it has led to. */
    default List<KernelCall> calls(Outcome outcome) {
        return KernelCalls.shim(this, outcome);
    }

    /** Makes the exit record. */
    record ExitRecord(Path path) implements ShimStep {
        @Override
        public String what() {
            return "open " + path + " for how it ends";
        }

        @Override
        public String why() {
            return "so that this is known whoever else dies";
        }
    }

    /** Opens the log; {@code maxBytes} a file, {@code maxFiles} in all. */
    record Log(long maxBytes, int maxFiles, Path path) implements ShimStep {
        @Override
        public String what() {
            return "log to " + path + ", " + maxFiles + " files of " + maxBytes + " bytes";
        }

        @Override
        public String why() {
            return "so that output outlives the terminal and cannot fill the disk";
        }
    }

    /** Makes the pipes, or the receiving end of the terminal. */
    record Stdio(boolean tty, boolean openStdin, boolean stdinOnce, int rows, int columns) implements ShimStep {

        /** The same with a terminal of that size from the start on. */
        public Stdio sized(int newRows, int newColumns) {
            return new Stdio(tty, openStdin, stdinOnce, newRows, newColumns);
        }

        @Override
        public String what() {
            return tty ? "expect a terminal" : "make pipes for standard input, output and error";
        }

        @Override
        public String why() {
            return "because the shim holds the streams when clients come and go";
        }
    }

    /** clone3(2) with the namespaces of {@code flags}; into the cgroup v2 directory where it is not empty. */
    record Clone(long flags, String cgroup) implements ShimStep {
        @Override
        public String what() {
            return "clone" + (flags == 0 ? "" : " with " + FlagNames.CLONE.of(flags))
                    + (cgroup.isEmpty() ? "" : " into " + cgroup);
        }

        @Override
        public String why() {
            return flags == 0 ? "because it is the child that changes, and the shim that stays what it is"
                    : "so that the process sees a world of its own";
        }
    }

    /** setns(2) into the namespaces of a process that is named by pid and start time. */
    record Join(long pid, long startTime, long flags) implements ShimStep {
        @Override
        public String what() {
            return "join " + FlagNames.CLONE.of(flags) + " of process " + pid;
        }

        @Override
        public String why() {
            return "so that the process lives in the container's world";
        }
    }

    /**
     * A user namespace with these maps, user_namespaces(7), and others that belong to it; the process is cloned into
     * the others.
     */
    record Users(long flags, String userMap, String groupMap) implements ShimStep {
        @Override
        public String what() {
            return "make a user namespace" + userMap.lines().map(Users::range).collect(Collectors.joining(" and",
                    " where", "")) + ", with " + FlagNames.CLONE.of(flags) + " that belong to it";
        }

        /** A line of a map, user_namespaces(7), in words: {@code 0 100000 65536}. */
        private static String range(String line) {
            String[] words = line.strip().split(" +");
            return words.length < 3 ? " " + line : " user " + words[0] + " is the host's " + words[1] + ", " + words[2]
                    + " of them";
        }

        @Override
        public String why() {
            return "so that root in there is nobody out here";
        }
    }

    /** Gives the streams, and what is made from then on, to a user and a group of the host. setfsuid(2). */
    record Owner(int user, int group) implements ShimStep {
        @Override
        public String what() {
            return "make files as " + Integer.toUnsignedString(user) + ":" + Integer.toUnsignedString(group);
        }

        @Override
        public String why() {
            return "so that they belong to the container's root";
        }
    }

    /** Mounts a directory of the host on itself so that it shows and keeps the container's owners. */
    record Idmap(Path path, String why) implements ShimStep {
        @Override
        public String what() {
            return "show " + path + " with the container's owners";
        }
    }

    /** setns(2) into the user namespace that {@link Users} made. */
    record EnterUsers() implements ShimStep {
        @Override
        public String what() {
            return "enter the user namespace";
        }

        @Override
        public String why() {
            return "so that no power over the host is left";
        }
    }

    /** Writes an existing file of the host. */
    record Write(Path path, String content, String why) implements ShimStep {
        @Override
        public String what() {
            return "write " + content + " to " + path;
        }
    }

    /** Writes an existing file in the root: a setting of the container's own namespaces, in its own /proc. */
    record WriteIn(String path, String content, String why) implements ShimStep {
        @Override
        public String what() {
            return "write " + content + " to " + path;
        }
    }

    /** unshare(2). */
    record Unshare(long flags, String why) implements ShimStep {
        @Override
        public String what() {
            return "unshare " + FlagNames.CLONE.of(flags);
        }
    }

    /** chdir(2) on the host, for names that are short because they are relative. */
    record Directory(Path path) implements ShimStep {
        @Override
        public String what() {
            return "go to " + path;
        }

        @Override
        public String why() {
            return "so that layers have short names, of which mount(2) takes one page";
        }
    }

    /**
     * mount(2) with paths of the host, absolute or in the directory of {@link Directory}, inside the container's mount
     * namespace.
     */
    record Mount(long flags, String source, String target, String type, String data, String why) implements ShimStep {
        @Override
        public String what() {
            return MountFlags.deed(type, target, flags);
        }
    }

    /** Opens the directory that becomes the root. */
    record Root(Path path) implements ShimStep {
        @Override
        public String what() {
            return "open " + path + " as the root";
        }

        @Override
        public String why() {
            return "so that no link in the image leads out of it";
        }
    }

    /** Makes a directory in the root, where missing. */
    record Mkdir(int mode, String path, String why) implements ShimStep {
        @Override
        public String what() {
            return "make the directory " + path;
        }
    }

    /** mount(2) on a path in the root. */
    record MountIn(long flags, MountPoint make, String source, String target, String type, String data, String why)
            implements ShimStep {
        @Override
        public String what() {
            return MountFlags.deed(type, target, flags);
        }
    }

    /**
     * A bind of {@code source} on a path in the root that is never seen without its attributes; MOUNT_ATTR_ of
     * mount_setattr(2).
     */
    record BindIn(long attributes, boolean recursive, MountPoint make, long propagation, String source, String target,
            String why)
            implements ShimStep {
        @Override
        public String what() {
            boolean readOnly = (attributes & MountFlags.MOUNT_ATTR_RDONLY) != 0;
            return "bind " + source + " on " + target + (readOnly ? " (read-only)" : "");
        }
    }

    /** Covers a path so that it shows nothing. */
    record Mask(String path) implements ShimStep {
        @Override
        public String what() {
            return "mask " + path;
        }

        @Override
        public String why() {
            return "because it tells of the host";
        }
    }

    /** Makes a path read-only. */
    record Readonly(String path) implements ShimStep {
        @Override
        public String what() {
            return "make " + path + " read-only";
        }

        @Override
        public String why() {
            return "because it changes the host";
        }
    }

    /** mknod(2) in the root; {@code mode} with the file type, {@code device} as makedev(3) composes it. */
    record Mknod(int mode, long device, String path) implements ShimStep {
        @Override
        public String what() {
            return "make the device " + path;
        }

        @Override
        public String why() {
            return "because programs expect it";
        }
    }

    /** symlink(2) in the root. */
    record Symlink(String target, String path) implements ShimStep {
        @Override
        public String what() {
            return "link " + path + " to " + target;
        }

        @Override
        public String why() {
            return "because programs expect it";
        }
    }

    /** rtnetlink(7) messages sent in the container's network namespace. */
    record Netlink(byte[] messages, String what, String why) implements ShimStep {
    }

    /** sethostname(2). */
    record Hostname(String name) implements ShimStep {
        @Override
        public String what() {
            return "name the host " + name;
        }

        @Override
        public String why() {
            return "in the container's own UTS namespace";
        }
    }

    /** pivot_root(2). */
    record Pivot() implements ShimStep {
        @Override
        public String what() {
            return "pivot_root, and detach the old root";
        }

        @Override
        public String why() {
            return "so that the host's files are out of reach, which chroot alone does not ensure";
        }
    }

    /** Waits until the engine has done the host's steps: what comes before needs none of them. */
    record AwaitHost() implements ShimStep {
        @Override
        public String what() {
            return "wait until the engine has done its half";
        }

        @Override
        public String why() {
            return "because from here on its files and cgroups are used";
        }
    }

    /**
     * Keeps the mount namespace of the process until the shim's own end, which comes when the end of the process has
     * been told: it is not the process that takes the mounts away then.
     */
    record HoldMounts() implements ShimStep {
        @Override
        public String what() {
            return "keep its mount namespace open until its end has been told";
        }

        @Override
        public String why() {
            return "because the kernel takes long to unmount, and nobody need wait for that";
        }
    }

    /** Waits for the engine's go. */
    record Await() implements ShimStep {
        @Override
        public String what() {
            return "wait for the engine";
        }

        @Override
        public String why() {
            return "so that the host's half is done before the program starts";
        }
    }

    /** prlimit(2). {@code resource} is RLIMIT_... by number; all bits set stand for unlimited. */
    record Rlimit(int resource, long soft, long hard, String name) implements ShimStep {
        @Override
        public String what() {
            return "limit " + name + " to " + Long.toUnsignedString(soft) + ":" + Long.toUnsignedString(hard);
        }

        @Override
        public String why() {
            return "so that no program takes more of them";
        }
    }

    /** chdir(2), after making the directory where asked. */
    record Chdir(boolean make, String path) implements ShimStep {
        @Override
        public String what() {
            return "go to " + path;
        }

        @Override
        public String why() {
            return "because the program starts there";
        }
    }

    /**
     * User, groups and capability sets; {@code user} is resolved in the container's own files. {@code effective} is
     * what root gets, {@code ambient} what another user gets and passes on.
     */
    record Credentials(long bounding, long effective, long ambient, String user) implements ShimStep {
        @Override
        public String what() {
            return "become " + (user.isEmpty() ? "root" : "user " + user) + " with " + count(seemsRoot() ? effective
                    : ambient) + ", and never more than " + count(bounding);
        }

        @Override
        public String why() {
            return seemsRoot() ? "so that root in the container is less than root" : "because it is to be no root";
        }

        /** A number says it for sure; who a name is, is known inside only: root is as usual as the name. */
        @Override
        public List<KernelCall> calls() {
            return calls(seemsRoot() ? Outcome.AS_PLANNED : Outcome.USER);
        }

        private boolean seemsRoot() {
            return user.isEmpty() || user.matches("(0|root)(:.*)?");
        }

        private static String count(long capabilities) {
            int count = FlagNames.capabilities(capabilities).size();
            return count == 0 ? "no capability" : count + (count == 1 ? " capability" : " capabilities");
        }
    }

    /** prctl(2) PR_SET_NO_NEW_PRIVS. */
    record NoNewPrivs() implements ShimStep {
        @Override
        public String what() {
            return "set no_new_privs";
        }

        @Override
        public String why() {
            return "so that no set-uid file gives more than that";
        }
    }

    /**
     * seccomp(2) with a filter, as the kernel takes it; SECCOMP_FILTER_FLAG_ by number. Without no_new_privs it takes
     * CAP_SYS_ADMIN.
     */
    record Seccomp(long flags, byte[] instructions, String profile) implements ShimStep {

        /** The size of a struct sock_filter. */
        private static final int INSTRUCTION = 8;

        /** How many instructions there are. */
        int count() {
            return instructions.length / INSTRUCTION;
        }
        @Override
        public String what() {
            return "filter system calls by the " + profile + " profile, " + count() + " instructions";
        }

        @Override
        public String why() {
            return "so that less of the kernel can be attacked";
        }
    }

    /**
     * landlock(7): the accesses to files, LANDLOCK_ACCESS_FS_, that are allowed below the root only, and what stays
     * within, LANDLOCK_SCOPE_. Without no_new_privs it takes CAP_SYS_ADMIN.
     *
     * @param queues a directory in the root whose files are opened without a path too, mq_overview(7)
     */
    record Landlock(long access, long scope, String queues) implements ShimStep {
        @Override
        public String what() {
            return "lock it in with Landlock" + (access == 0 ? "" : ": files below its root only")
                    + (scope == 0 ? "" : ", abstract sockets of its own only");
        }

        @Override
        public String why() {
            return "so that a descriptor from outside leads nowhere and nothing is mounted, whatever else fails";
        }
    }

    /** keyctl(2) KEYCTL_JOIN_SESSION_KEYRING. */
    record Keyring() implements ShimStep {
        @Override
        public String what() {
            return "join a session keyring of its own";
        }

        @Override
        public String why() {
            return "so that the keys of who started the engine are out of reach";
        }
    }

    /**
     * A pseudo terminal of the container's own devpts, pty(7).
     *
     * @param bound whether it is found as /dev/console too, which it is not where the plan joins a mount namespace
     */
    record Console(boolean bound) implements ShimStep {
        @Override
        public String what() {
            return bound ? "open a terminal as /dev/console" : "open a terminal";
        }

        @Override
        public String why() {
            return "because one was asked for with -t";
        }
    }

    /** A small process 1 that reaps and passes signals on. */
    record Init() implements ShimStep {
        @Override
        public String what() {
            return "fork, and stay as process 1";
        }

        @Override
        public String why() {
            return "so that orphans are reaped and signals have their usual effect";
        }
    }

    /** Makes the root read-only. */
    record RemountRoot() implements ShimStep {
        @Override
        public String what() {
            return "make the root read-only";
        }

        @Override
        public String why() {
            return "as was asked with --read-only";
        }
    }

    /** execve(2); last. {@code environment} as {@code NAME=value}. */
    record Exec(List<String> argv, List<String> environment) implements ShimStep {
        @Override
        public String what() {
            return "execute " + String.join(" ", argv);
        }

        @Override
        public String why() {
            return "which is what all the rest was for";
        }
    }
}
