package dev.tinydocker.security;

import java.util.EnumSet;
import java.util.Set;

/** The parts of root's power a container keeps, capabilities(7), each with its number. */
enum Capability {
    CAP_CHOWN(0), CAP_DAC_OVERRIDE(1), CAP_FOWNER(3), CAP_FSETID(4), CAP_KILL(5), CAP_SETGID(6), CAP_SETUID(7),
    CAP_SETPCAP(8), CAP_NET_BIND_SERVICE(10), CAP_NET_RAW(13), CAP_SYS_CHROOT(18), CAP_MKNOD(27), CAP_AUDIT_WRITE(29),
    CAP_SETFCAP(31);

    /** What Docker leaves. */
    static final Set<Capability> DEFAULT = EnumSet.allOf(Capability.class);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    /** The set as the kernel writes it, a bit for each. */
    static long mask(Set<Capability> capabilities) {
        return capabilities.stream().mapToLong(capability -> 1L << capability.number).sum();
    }
}
