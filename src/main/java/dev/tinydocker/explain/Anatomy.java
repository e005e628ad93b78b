package dev.tinydocker.explain;

import dev.tinydocker.cgroup.CgroupFigure;
import dev.tinydocker.cgroup.CgroupPlace;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What a container, or this host, is made of, at one moment. Whatever comes from inside a container is hostile text:
 * who shows it makes it {@link dev.tinydocker.problem.Printable} first.
 *
 * @param id 64 digits, empty for the host
 * @param name {@code host} for the host
 * @param image what it was made from, empty for the host
 * @param state as people are told it: {@code running}, {@code exited (3)}, …
 * @param running whether the kernel was asked; where false, all is from the record: there is no process, no number of a
 *            namespace and no use of anything
 * @param process its first one, null where it does not run
 * @param others its further processes, in the order of their numbers
 * @param mounts in the order of their places in the tree
 */
public record Anatomy(String id, String name, String image, String state, boolean running, Instant at,
        @Nullable Process process, List<Process> others, List<Namespace> namespaces, List<CgroupPlace> cgroups,
        List<CgroupFigure> figures, List<Mount> mounts, Network network, Users users, Walls walls) {

    /** The first 12 digits, or what stands for the host. */
    public String shortId() {
        return id.isEmpty() ? name : id.substring(0, 12);
    }

    /**
     * A process; proc_pid_status(5).
     *
     * @param pid as the host numbers it
     * @param inside as its own pid namespace numbers it
     * @param parent the host's number of who has started it, or taken it over
     * @param parentName what that one is called, as {@code tiny-shim}
     * @param command its words
     * @param user its effective user as the host numbers it
     * @param userInside as its own user namespace numbers it, -1 where it has no number there
     */
    public record Process(int pid, int inside, int parent, String parentName, List<String> command, long user,
            long userInside, long group, long groupInside, int threads) {
    }

    /**
     * A namespace; namespaces(7).
     *
     * @param kind as below /proc/PID/ns: {@code mnt}
     * @param flag what makes one: {@code CLONE_NEWNS}
     * @param number the kernel's for it, 0 where nothing runs
     * @param hostNumber that of this host's
     * @param own whether it is another one than the host's
     * @param sharedWith names of other containers that are in it too
     * @param what what it holds apart, in a few words
     */
    public record Namespace(String kind, String flag, long number, long hostNumber, boolean own,
            List<String> sharedWith, String what) {
    }

    /** Where what is mounted comes from. */
    public enum Origin {
        /** The image's layers, with a writable one on top. */
        IMAGE,
        /** A writable layer over a directory of the image that wants to be a volume. */
        VOLUME,
        /** A directory or file of the host that was asked for. */
        BIND,
        /** A file that the engine writes for it: hosts, hostname, resolv.conf. */
        ENGINE,
        /** A file system that is the kernel's own, and no disk's. */
        KERNEL,
        /** Memory. */
        MEMORY,
        /** Laid over something that is not to be seen, or not to be written. */
        MASK,
        /** A device of the host. */
        DEVICE,
        /** A directory of a disk, mounted as it is; or what somebody in there has mounted. */
        OTHER
    }

    /**
     * A mount; proc_pid_mountinfo(5).
     *
     * @param target where it is in the container
     * @param type of the file system, as {@code overlay}
     * @param options what holds for this mount, as {@code ro}, {@code nosuid}
     * @param from the host's path that it shows, or what the kernel calls its source
     * @param layers of an overlay, the topmost first; those of others have none
     */
    public record Mount(String target, String type, List<String> options, Origin origin, String from,
            List<Layer> layers) {
    }

    /**
     * A directory of an overlay.
     *
     * @param path on the host; where a process in there has mounted it, as that one named it
     * @param writable it takes what is written
     */
    public record Layer(String path, boolean writable) {
    }

    /**
     * The way to the network.
     *
     * @param mode {@code none}, {@code host}, {@code isolated}, {@code container:NAME}
     * @param rules of the packet filter that its packets meet on their way out, as nft(8) writes them
     */
    public record Network(String mode, List<Link> links, List<Route> routes, List<Port> ports, List<String> rules) {
    }

    /**
     * A link in there, and what it hangs on.
     *
     * @param name {@code ?} stands for a link that the kernel does not tell, with addresses that have no neighbours
     * @param index its number in there, 0 where the kernel does not tell
     * @param addresses with the length of the prefix: {@code 172.20.0.2/16}
     * @param network which network of this engine it leads to, empty for lo and for links that are not ours
     * @param peer the other end of the veth, on the host; null without
     * @param bridge what that end is a port of; null without
     */
    public record Link(String name, int index, String mac, int mtu, boolean up, List<String> addresses, String network,
            @Nullable End peer, @Nullable Bridge bridge) {
    }

    /** An end of a veth(4). */
    public record End(String name, int index, boolean up) {
    }

    /** A bridge of the host. @param ports the names of its other ports: the ends of other containers' links */
    public record Bridge(String name, int index, List<String> addresses, List<String> ports) {
    }

    /** @param gateway empty where it leads to neighbours */
    public record Route(String destination, String gateway, String link) {
    }

    /**
     * A published port.
     *
     * @param outside of the host, {@code 0.0.0.0:8080}
     * @param inside of the container, {@code 80/tcp}
     * @param map of the packet filter, or {@link #RELAY}; empty where that is not looked at
     * @param element of the map that leads from one to the other; empty where it has none
     */
    public record Port(String outside, String inside, String map, String element) {

        /** In the place of a map: the packet filter cannot lead there. */
        public static final String RELAY = "a relay of the engine's";
    }

    /** Whose users those in there are; user_namespaces(7). @param own whether they are others than the host's */
    public record Users(boolean own, List<Range> users, List<Range> groups) {
    }

    /** Numbers in there, and those that they are on the host: so many from these on. */
    public record Range(long inside, long outside, long size) {
    }

    /**
     * What the first process may do.
     *
     * @param effective capabilities by name, {@code CAP_CHOWN}; capabilities(7)
     * @param bounding what nothing that is executed gets beyond
     * @param seccomp how system calls are filtered: 0 not at all, 2 by a program; seccomp(2)
     * @param filters how many programs a call goes through
     * @param profile what the program was made from: {@code built-in}, {@code given}, {@code none}
     * @param lsm what the security modules call it, or that Landlock keeps it, which has no names;
     *            Documentation/admin-guide/LSM of the kernel
     */
    public record Walls(List<String> effective, List<String> permitted, List<String> bounding,
            List<String> inheritable, List<String> ambient, boolean noNewPrivileges, int seccomp, int filters,
            String profile, String lsm) {
    }
}
