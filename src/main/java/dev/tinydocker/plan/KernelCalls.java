package dev.tinydocker.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static dev.tinydocker.plan.KernelCall.of;
import static dev.tinydocker.plan.KernelCall.quoted;

/**
 * The system calls that a step leads to: all that change mounts, namespaces or identity, and of the others those that
 * say what is done. A switch without a default, so that a step that is new does not go unexplained.
 */
final class KernelCalls {

    private static final List<KernelCall> BECOME_ROOT = List.of(of("setresgid", 0), of("setresuid", 0),
            of("setgroups", "none"));
    private static final String HERE = "AT_EMPTY_PATH|AT_RECURSIVE";

    private KernelCalls() {
    }

    static List<KernelCall> host(HostStep step) {
        return switch (step) {
            case HostStep.MakeDirectory s -> List.of(of("mkdir", quoted(s.path()), octal(s.mode())));
            case HostStep.Own s -> List.of(of("chown", quoted(s.path()), number(s.user()), number(s.group())),
                    of("chmod", quoted(s.path()), octal(s.mode())));
            case HostStep.WriteFile s -> List.of(of("open", quoted(s.path()), "O_WRONLY|O_CREAT|O_TRUNC"),
                    of("write", s.content().length + " bytes"));
            case HostStep.Label s -> List.of(of("fsetxattr", quoted(s.path()), "\"security.selinux\"",
                    quoted(s.label())));
            case HostStep.MakeCgroup s -> List.of(of("mkdir", quoted(s.path()), "0755"));
            case HostStep.FilterDevices s -> List.of(of("bpf", "BPF_PROG_ATTACH", quoted(s.cgroup()),
                    s.rules().size() + " rules"));
            case HostStep.SetCgroup s -> List.of(of("open", quoted(s.file()), "O_WRONLY"),
                    of("write", quoted(s.value())));
        };
    }

    static List<KernelCall> shim(ShimStep step, Outcome outcome) {
        return switch (step) {
            case ShimStep.ExitRecord s -> List.of(of("open", quoted(s.path()), "O_WRONLY|O_CREAT|O_TRUNC"));
            case ShimStep.Log s -> List.of(of("open", quoted(s.path()), "O_WRONLY|O_CREAT|O_APPEND"));
            case ShimStep.Stdio s -> s.tty() ? List.of() : List.of(of("pipe2", "O_CLOEXEC"));
            case ShimStep.Clone s -> List.of(of("clone3", "flags=" + (s.flags() == 0 ? "" : FlagNames.CLONE
                    .of(s.flags()) + "|") + "CLONE_PIDFD" + (s.cgroup().isEmpty() ? "" : "|CLONE_INTO_CGROUP"),
                    "exit_signal=SIGCHLD"));
            case ShimStep.Join s -> join(s);
            case ShimStep.Users s -> users(s);
            case ShimStep.Owner s -> List.of(of("setfsgid", number(s.group())), of("setfsuid", number(s.user())),
                    of("capset", "effective=permitted"));
            case ShimStep.Idmap s -> List.of(of("open_tree", quoted(s.path()), "OPEN_TREE_CLONE"),
                    of("mount_setattr", "AT_EMPTY_PATH", "attr_set=MOUNT_ATTR_IDMAP"), moveTo(s.path().toString()));
            case ShimStep.EnterUsers _ -> Stream.concat(Stream.of(of("setns", "users", "CLONE_NEWUSER")),
                    BECOME_ROOT.stream()).toList();
            case ShimStep.Seccomp s -> List.of(of("seccomp", "SECCOMP_SET_MODE_FILTER", FlagNames.SECCOMP
                    .of(s.flags()), s.count() + " instructions"));
            case ShimStep.Landlock s -> landlock(s);
            case ShimStep.Keyring _ -> List.of(of("keyctl", "KEYCTL_JOIN_SESSION_KEYRING", "NULL"));
            case ShimStep.Write s -> write(s, outcome);
            case ShimStep.WriteIn s -> List.of(inRoot(s.path()), of("write", quoted(s.content())));
            case ShimStep.Unshare s -> List.of(of("unshare", FlagNames.CLONE.of(s.flags())));
            case ShimStep.Directory s -> List.of(of("chdir", quoted(s.path())));
            case ShimStep.Mount s -> List.of(mount(s.source(), s.target(), s.type(), s.flags(), s.data()));
            case ShimStep.Root s -> List.of(of("open", quoted(s.path()), "O_PATH|O_DIRECTORY"));
            case ShimStep.Mkdir s -> List.of(inRoot(s.path()), of("mkdirat", quoted(s.path()), octal(s.mode())));
            case ShimStep.MountIn s -> List.of(inRoot(s.target()),
                    mount(s.source(), s.target(), s.type(), s.flags(), s.data()));
            case ShimStep.BindIn s -> bind(s, outcome);
            case ShimStep.Mask s -> mask(s.path(), outcome);
            case ShimStep.Readonly s -> outcome == Outcome.NOTHING ? List.of(inRoot(s.path()))
                    : List.of(inRoot(s.path()), of("open_tree", quoted(s.path()), "OPEN_TREE_CLONE|" + HERE),
                            of("mount_setattr", HERE, "attr_set=MOUNT_ATTR_RDONLY"), moveTo(s.path()));
            case ShimStep.Mknod s -> List.of(of("mknodat", quoted(s.path()), octal(s.mode()), device(s.device())));
            case ShimStep.Symlink s -> List.of(of("symlinkat", quoted(s.target()), quoted(s.path())));
            case ShimStep.Netlink s -> List.of(of("sendto", "NETLINK_ROUTE", s.messages().length + " bytes"));
            case ShimStep.Hostname s -> List.of(of("sethostname", quoted(s.name())));
            case ShimStep.Pivot _ -> List.of(of("fchdir", "root"), of("pivot_root", "\".\"", "\".\""),
                    of("umount2", "\".\"", "MNT_DETACH"), of("chdir", "\"/\""));
            case ShimStep.AwaitHost _, ShimStep.Await _ -> List.of(of("recvfrom", "1 byte"));
            case ShimStep.HoldMounts _ -> List.of(of("open", "\"/proc/PID/ns/mnt\"", "O_RDONLY"));
            case ShimStep.Rlimit s -> List.of(of("setrlimit", s.name(), Long.toUnsignedString(s.soft()),
                    Long.toUnsignedString(s.hard())));
            case ShimStep.Chdir s -> List.of(inRoot(s.path()), of("fchdir", quoted(s.path())));
            case ShimStep.Credentials s -> credentials(s, outcome);
            case ShimStep.NoNewPrivs _ -> List.of(of("prctl", "PR_SET_NO_NEW_PRIVS", 1));
            case ShimStep.Console s -> console(s);
            case ShimStep.Init _ -> List.of(of("rt_sigtimedwait"), of("wait4"), of("fork"));
            case ShimStep.RemountRoot _ -> List.of(of("mount_setattr", "root", "AT_EMPTY_PATH",
                    "attr_set=MOUNT_ATTR_RDONLY"));
            case ShimStep.Exec s -> List.of(of("execve", quoted(s.argv().getFirst()), s.argv(),
                    s.environment().size() + " variables"));
        };
    }

    private static List<KernelCall> console(ShimStep.Console s) {
        List<KernelCall> calls = new ArrayList<>();
        calls.add(of("open", "\"/dev/pts/ptmx\"", "O_RDWR|O_NOCTTY"));
        if (s.bound()) {
            calls.add(of("open_tree", "terminal", "OPEN_TREE_CLONE|" + HERE));
            calls.add(moveTo("/dev/console"));
        }
        calls.add(of("ioctl", "TIOCSCTTY"));
        return calls;
    }

    private static KernelCall mount(String source, String target, String type, long flags, String data) {
        return of("mount", quoted(source), quoted(target), quoted(type), FlagNames.MOUNT.of(flags), quoted(data));
    }

    private static List<KernelCall> users(ShimStep.Users s) {
        String also = s.flags() == 0 ? "" : "|" + FlagNames.CLONE.of(s.flags());
        List<KernelCall> calls = new ArrayList<>(List.of(of("clone", "flags=CLONE_NEWUSER" + also, "SIGCHLD"),
                of("write", "\"uid_map\"", quoted(s.userMap().strip())),
                of("write", "\"gid_map\"", quoted(s.groupMap().strip()))));
        if (s.flags() != 0) {
            calls.add(of("setns", "pidfd", FlagNames.CLONE.of(s.flags())));
        }
        return calls;
    }

    private static List<KernelCall> landlock(ShimStep.Landlock s) {
        String all = "allowed_access=handled_access_fs";
        List<KernelCall> calls = new ArrayList<>(List.of(of("landlock_create_ruleset",
                "handled_access_fs=" + FlagNames.LANDLOCK.of(s.access()),
                "scoped=" + FlagNames.SCOPES.of(s.scope()))));
        if (s.access() != 0) {
            calls.add(of("landlock_add_rule", "LANDLOCK_RULE_PATH_BENEATH", all, "\"/\""));
            calls.add(of("landlock_add_rule", "LANDLOCK_RULE_PATH_BENEATH", all,
                    quoted(s.queues())));
        }
        calls.add(of("landlock_restrict_self"));
        return calls;
    }

    /** The PID namespace is that of children to come: the shim joins it, before it makes one. */
    private static List<KernelCall> join(ShimStep.Join s) {
        List<KernelCall> calls = new ArrayList<>(List.of(of("pidfd_open", s.pid())));
        if ((s.flags() & CloneFlags.CLONE_NEWPID) != 0) {
            calls.add(of("setns", "pidfd", "CLONE_NEWPID"));
        }
        calls.add(of("setns", "pidfd", FlagNames.CLONE.of(s.flags() & ~CloneFlags.CLONE_NEWPID)));
        if ((s.flags() & CloneFlags.CLONE_NEWUSER) != 0) {
            calls.addAll(BECOME_ROOT);
        }
        return calls;
    }

    /** What the container's root may write, nobody else may, the host's root included: it is done as that user. */
    private static List<KernelCall> write(ShimStep.Write s, Outcome outcome) {
        List<KernelCall> calls = List.of(of("open", quoted(s.path()), "O_WRONLY"), of("write", quoted(s.content())));
        if (outcome != Outcome.AS_OWNER) {
            return calls;
        }
        List<KernelCall> all = new ArrayList<>(List.of(of("setresuid", "effective=owner"),
                of("capset", "effective=permitted")));
        all.addAll(calls);
        all.addAll(List.of(of("setresuid", "effective=0"), of("setfsuid", "owner"),
                of("capset", "effective=permitted")));
        return all;
    }

    private static KernelCall inRoot(String path) {
        return of("openat2", quoted(path), "RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS");
    }

    private static KernelCall moveTo(String path) {
        return of("move_mount", quoted(path), "MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH");
    }

    private static List<KernelCall> bind(ShimStep.BindIn s, Outcome outcome) {
        List<KernelCall> calls = new ArrayList<>();
        String deep = s.recursive() ? "|AT_RECURSIVE" : "";
        calls.add(of("open_tree", quoted(s.source()), "OPEN_TREE_CLONE" + deep));
        long attributes = s.attributes() & ~MountFlags.MOUNT_ATTR_IDMAP;
        if (attributes != 0 || s.propagation() != 0) {
            calls.add(of("mount_setattr", "AT_EMPTY_PATH" + deep, "attr_set=" + FlagNames.ATTRIBUTES.of(attributes),
                    "propagation=" + FlagNames.MOUNT.of(s.propagation())));
        }
        if (attributes != s.attributes() && outcome != Outcome.SHOWN_BEFORE) {
            calls.add(of("mount_setattr", "AT_EMPTY_PATH" + deep, "attr_set=MOUNT_ATTR_IDMAP"));
        }
        calls.add(inRoot(s.target()));
        calls.add(moveTo(s.target()));
        return calls;
    }

    private static List<KernelCall> mask(String path, Outcome outcome) {
        List<KernelCall> calls = new ArrayList<>(List.of(inRoot(path)));
        switch (outcome) {
            case NOTHING -> { }
            case DIRECTORY -> {
                calls.add(mount("tmpfs", path, "tmpfs", MountFlags.MS_RDONLY | MountFlags.MS_NOSUID
                        | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC, "nr_blocks=1,nr_inodes=1"));
                calls.add(inRoot(path));
            }
            case DIRECTORY_AGAIN -> {
                calls.add(of("open_tree", "the empty directory", "OPEN_TREE_CLONE|" + HERE));
                calls.add(moveTo(path));
            }
            case AS_PLANNED, HOST_NULL, USER, SHOWN_BEFORE, AS_OWNER -> {
                calls.add(of("open_tree", "\"/dev/null\"", "OPEN_TREE_CLONE|" + HERE));
                if (outcome == Outcome.HOST_NULL) {
                    calls.add(of("mount_setattr", HERE, "attr_set=MOUNT_ATTR_RDONLY"));
                }
                calls.add(moveTo(path));
            }
        }
        return calls;
    }

    private static List<KernelCall> credentials(ShimStep.Credentials s, Outcome outcome) {
        List<KernelCall> calls = new ArrayList<>();
        boolean root = outcome != Outcome.USER;
        String user = s.user().isEmpty() ? "0" : s.user();
        long ambient = root ? 0 : s.ambient();
        FlagNames.capabilities(~s.bounding()).forEach(name -> calls.add(of("prctl", "PR_CAPBSET_DROP", name)));
        calls.add(of("prctl", "PR_CAP_AMBIENT", "PR_CAP_AMBIENT_CLEAR_ALL"));
        if (ambient != 0) {
            calls.add(of("prctl", "PR_SET_KEEPCAPS", 1));
        }
        calls.add(of("setgroups", "of " + user));
        calls.add(of("setresgid", user));
        calls.add(of("setresuid", user));
        List<String> kept = FlagNames.capabilities(root ? s.effective() : ambient);
        calls.add(of("capset", "effective=" + (kept.isEmpty() ? "0" : String.join("|", kept))));
        FlagNames.capabilities(ambient).forEach(name -> calls.add(of("prctl", "PR_CAP_AMBIENT",
                "PR_CAP_AMBIENT_RAISE", name)));
        return calls;
    }

    /** A user's or a group's; uid_t has no sign. */
    private static String number(int id) {
        return Integer.toUnsignedString(id);
    }

    private static String octal(int mode) {
        return "0" + Integer.toOctalString(mode);
    }

    private static String device(long device) {
        return "makedev(" + DeviceNumber.major(device) + ", " + DeviceNumber.minor(device) + ")";
    }
}
