package dev.tinydocker.security;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Nearest;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The parts that root's power is divided into, capabilities(7), each with its number. */
public enum Capability {
    CAP_CHOWN(0), CAP_DAC_OVERRIDE(1), CAP_DAC_READ_SEARCH(2), CAP_FOWNER(3), CAP_FSETID(4), CAP_KILL(5),
    CAP_SETGID(6), CAP_SETUID(7), CAP_SETPCAP(8), CAP_LINUX_IMMUTABLE(9), CAP_NET_BIND_SERVICE(10),
    CAP_NET_BROADCAST(11), CAP_NET_ADMIN(12), CAP_NET_RAW(13), CAP_IPC_LOCK(14), CAP_IPC_OWNER(15),
    CAP_SYS_MODULE(16), CAP_SYS_RAWIO(17), CAP_SYS_CHROOT(18), CAP_SYS_PTRACE(19), CAP_SYS_PACCT(20),
    CAP_SYS_ADMIN(21), CAP_SYS_BOOT(22), CAP_SYS_NICE(23), CAP_SYS_RESOURCE(24), CAP_SYS_TIME(25),
    CAP_SYS_TTY_CONFIG(26), CAP_MKNOD(27), CAP_LEASE(28), CAP_AUDIT_WRITE(29), CAP_AUDIT_CONTROL(30),
    CAP_SETFCAP(31), CAP_MAC_OVERRIDE(32), CAP_MAC_ADMIN(33), CAP_SYSLOG(34), CAP_WAKE_ALARM(35),
    CAP_BLOCK_SUSPEND(36), CAP_AUDIT_READ(37), CAP_PERFMON(38), CAP_BPF(39), CAP_CHECKPOINT_RESTORE(40);

    /** Stands for every one of them. */
    public static final String ALL = "ALL";

    /** What Docker leaves. */
    static final Set<Capability> DEFAULT = EnumSet.of(CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_KILL,
            CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_NET_BIND_SERVICE, CAP_NET_RAW, CAP_SYS_CHROOT, CAP_MKNOD,
            CAP_AUDIT_WRITE, CAP_SETFCAP);

    private static final String PREFIX = "CAP_";

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    /**
     * The name as the kernel's manual has it, or {@link #ALL}, of a word in either case, with or without its first four
     * letters.
     *
     * @param option whose word it is
     * @throws InvalidRequest where there is no such capability
     */
    public static String name(String option, String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        String shorter = upper.startsWith(PREFIX) ? upper.substring(PREFIX.length()) : upper;
        if (upper.equals(ALL)) {
            return ALL;
        }
        List<String> known = Arrays.stream(values()).map(Capability::shortName).toList();
        if (!known.contains(shorter)) {
            throw InvalidRequest.ofOption(option, word, "there is no such capability",
                    Nearest.to(shorter, known).map(near -> "did you mean " + near + "?")
                            .orElse("capabilities(7) lists them"));
        }
        return PREFIX + shorter;
    }

    /** Those whose bits are set in a mask as the kernel writes it. */
    public static Set<Capability> of(long mask) {
        Set<Capability> set = EnumSet.noneOf(Capability.class);
        for (Capability capability : values()) {
            if ((mask >> capability.number & 1) != 0) {
                set.add(capability);
            }
        }
        return set;
    }

    /** The set as the kernel writes it, a bit for each. */
    static long mask(Collection<Capability> capabilities) {
        return capabilities.stream().mapToLong(capability -> 1L << capability.number).sum();
    }

    String shortName() {
        return name().substring(PREFIX.length());
    }
}
