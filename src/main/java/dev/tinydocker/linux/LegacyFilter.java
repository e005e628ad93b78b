package dev.tinydocker.linux;

import com.sun.jna.Memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The table {@code filter} of iptables-legacy(8), or of ip6tables-legacy(8): a packet filter beside that of nft(8),
 * which does not list it. Structures as in {@code linux/netfilter_ipv4/ip_tables.h} and its like for IPv6.
 *
 * @param closedInput whether what is sent to this host, and no rule takes, is dropped or refused
 * @param closedForward the same for what is passed on
 * @param knowsLink whether it has rules for the link that was asked about
 * @param docker whether it has the chain that Docker leaves to users
 */
public record LegacyFilter(boolean closedInput, boolean closedForward, boolean knowsLink, boolean docker) {

    private static final String TABLE = "filter";
    private static final int IPT_SO_GET_INFO = 64;
    private static final int IPT_SO_GET_ENTRIES = 65;

    /** ipt_getinfo: name, u32 hooks, u32[5] where each chain begins, u32[5] its policy, u32 entries, u32 bytes. */
    private static final int GETINFO = 84;
    private static final int HOOK_ENTRY = 36;
    private static final int UNDERFLOW = 56;
    private static final int SIZE = 80;
    private static final int NAME_BYTES = 32;
    /** ipt_get_entries: name, u32 bytes, and after a hole the entries. */
    private static final int ENTRIES = 40;

    private static final int LOCAL_IN = 1;
    private static final int FORWARD = 2;
    private static final int LINK_BYTES = 16;
    private static final int TARGET = 32;
    /** What a verdict of NF_DROP, 0, is written as. */
    private static final int DROP = -1;
    private static final int ATTEMPTS = 3;

    /**
     * What differs between the two.
     *
     * @param links where an entry has the names of links, in and out, and then the masks of these
     * @param conditions the bytes that say what an entry is for, without matches
     * @param entry the bytes of one before its matches and its target
     */
    private record Family(int domain, int level, String tables, int links, int conditions, int entry) {

        static final Family IPV4 = new Family(Libc.AF_INET, 0, "ip_tables_names", 16, 84, 112);
        static final Family IPV6 = new Family(Libc.AF_INET6, 41, "ip6_tables_names", 64, 136, 168);

        /** u16 target_offset and u16 next_offset come behind the conditions and u32 nfcache. */
        int target() {
            return conditions + Integer.BYTES;
        }
    }

    /** The table as it is now; empty where there is none, and none is made by asking. */
    public static Optional<LegacyFilter> read(boolean ipv6, String link) {
        Family family = ipv6 ? Family.IPV6 : Family.IPV4;
        if (KernelFile.read(Path.of("/proc/net", family.tables)).lines().noneMatch(TABLE::equals)) {
            return Optional.empty();
        }
        int socket = Libc.socket(family.domain, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        SyscallException.check(socket, "socket", "AF_INET");
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<LegacyFilter> found = read(socket, family, link);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } finally {
            Libc.close(socket);
        }
    }

    /** Empty where somebody has changed it meanwhile. */
    private static Optional<LegacyFilter> read(int socket, Family family, String link) {
        byte[] info = new byte[GETINFO];
        if (!ask(socket, family, IPT_SO_GET_INFO, info)) {
            return Optional.empty();
        }
        ByteBuffer head = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
        byte[] all = new byte[ENTRIES + head.getInt(SIZE)];
        ByteBuffer.wrap(all).order(ByteOrder.nativeOrder()).putInt(NAME_BYTES, head.getInt(SIZE));
        if (!ask(socket, family, IPT_SO_GET_ENTRIES, all)) {
            return Optional.empty();
        }
        ByteBuffer entries = ByteBuffer.wrap(all, ENTRIES, all.length - ENTRIES).slice().order(ByteOrder.nativeOrder());
        boolean knowsLink = false;
        boolean docker = false;
        for (int at = 0; at < entries.limit(); at = next(family, entries, at)) {
            knowsLink |= isFor(family, entries, at, link);
            docker |= target(family, entries, at).equals("ERROR")
                    && text(entries, at + targetOffset(family, entries, at) + TARGET).equals("DOCKER-USER");
        }
        return Optional.of(new LegacyFilter(isClosed(family, entries, head, LOCAL_IN),
                isClosed(family, entries, head, FORWARD), knowsLink, docker));
    }

    private static boolean ask(int socket, Family family, int option, byte[] answer) {
        byte[] name = TABLE.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, answer, 0, name.length);
        try (Memory value = new Memory(answer.length); Memory length = new Memory(Integer.BYTES)) {
            value.write(0, answer, 0, answer.length);
            length.setInt(0, answer.length);
            if (Libc.getsockopt(socket, family.level, option, value, length) != 0) {
                return false;
            }
            value.read(0, answer, 0, answer.length);
            return true;
        }
    }

    /** By its policy, or by a last rule that takes all that has come so far. */
    private static boolean isClosed(Family family, ByteBuffer entries, ByteBuffer head, int hook) {
        int policy = head.getInt(UNDERFLOW + hook * Integer.BYTES);
        int last = policy;
        for (int at = head.getInt(HOOK_ENTRY + hook * Integer.BYTES); at < policy; at = next(family, entries, at)) {
            last = at;
        }
        return refuses(family, entries, policy) || refuses(family, entries, last);
    }

    private static boolean refuses(Family family, ByteBuffer entries, int at) {
        int target = targetOffset(family, entries, at);
        for (int i = 0; i < family.conditions; i++) {
            if (entries.get(at + i) != 0) {
                return false;
            }
        }
        String name = target(family, entries, at);
        return target == family.entry && (name.equals("REJECT")
                || name.isEmpty() && entries.getInt(at + target + TARGET) == DROP);
    }

    private static boolean isFor(Family family, ByteBuffer entries, int at, String link) {
        byte[] name = Arrays.copyOf(link.getBytes(StandardCharsets.UTF_8), LINK_BYTES);
        return matches(entries, at + family.links, name) || matches(entries, at + family.links + LINK_BYTES, name);
    }

    /** Without a mask it is for every link, and not for this one. */
    private static boolean matches(ByteBuffer entries, int at, byte[] link) {
        boolean masked = false;
        for (int i = 0; i < LINK_BYTES; i++) {
            byte mask = entries.get(at + 2 * LINK_BYTES + i);
            masked |= mask != 0;
            if ((mask & (entries.get(at + i) ^ link[i])) != 0) {
                return false;
            }
        }
        return masked;
    }

    private static int targetOffset(Family family, ByteBuffer entries, int at) {
        return entries.getShort(at + family.target()) & 0xffff;
    }

    private static int next(Family family, ByteBuffer entries, int at) {
        int length = entries.getShort(at + family.target() + Short.BYTES) & 0xffff;
        return length == 0 ? entries.limit() : at + length;
    }

    /** xt_entry_target: u16 bytes, its name, u8 revision; its data is behind that. An ordinary verdict has no name. */
    private static String target(Family family, ByteBuffer entries, int at) {
        return text(entries, at + targetOffset(family, entries, at) + Short.BYTES);
    }

    private static String text(ByteBuffer entries, int at) {
        int end = at;
        while (end < entries.limit() && entries.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - at];
        entries.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
