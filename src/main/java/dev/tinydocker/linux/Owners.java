package dev.tinydocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Whose files are whose where they are looked at from outside their user namespace, user_namespaces(7): what its root
 * owns is another's here. Nothing can be made there as anybody who is nobody in it.
 */
public final class Owners {

    /** Where users are what they are. */
    public static final Owners SAME = new Owners(0, IntUnaryOperator.identity(), IntUnaryOperator.identity());

    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    /** struct vfs_cap_data and vfs_ns_cap_data, {@code linux/capability.h}: the latter ends with a user. */
    private static final int REVISION_2 = 0x0200_0000;
    private static final int REVISION_3 = 0x0300_0000;
    private static final int FLAGS = 0x00ff_ffff;
    private static final int BYTES_2 = 20;
    private static final int BYTES_3 = 24;

    private final int root;
    private final IntUnaryOperator outside;
    private final IntUnaryOperator inside;

    /**
     * @param root what its user 0 is here
     * @param outside from a number there to the number here
     * @param inside and back
     */
    public Owners(int root, IntUnaryOperator outside, IntUnaryOperator inside) {
        this.root = root;
        this.outside = outside;
        this.inside = inside;
    }

    int outside(int id) {
        return outside.applyAsInt(id);
    }

    FileStat inside(FileStat stat) {
        return this == SAME ? stat : stat.of(inside.applyAsInt(stat.user()), inside.applyAsInt(stat.group()));
    }

    /**
     * Makes something as the root in there. setfsuid(2) is the thread's own and takes rights over files away, which
     * capset(2) gives back; the thread is as it was when this returns.
     */
    <T> T making(Supplier<T> call) {
        if (this == SAME) {
            return call.get();
        }
        FileCalls.setfsgid(root);
        FileCalls.setfsuid(root);
        try {
            raise();
            return call.get();
        } finally {
            FileCalls.setfsuid(0);
            FileCalls.setfsgid(0);
        }
    }

    /** All permitted capabilities made effective. */
    private static void raise() {
        try (Memory header = new Memory(8); Memory data = new Memory(24)) {
            header.setInt(0, CAPABILITY_VERSION_3);
            header.setInt(4, 0);
            if (FileCalls.capget(header, data) == 0) {
                data.setInt(0, data.getInt(4));
                data.setInt(12, data.getInt(16));
                if (FileCalls.capset(header, data) == 0) {
                    return;
                }
            }
            throw new SyscallException("capset", "", Native.getLastError());
        }
    }

    /** The capabilities of a program, as they are to be written from here. */
    byte[] capabilityOutside(byte[] value) {
        if (this == SAME || value.length != BYTES_2) {
            return value;
        }
        ByteBuffer of3 = ByteBuffer.allocate(BYTES_3).order(ByteOrder.LITTLE_ENDIAN).put(value).putInt(root);
        return of3.putInt(0, of3.getInt(0) & FLAGS | REVISION_3).array();
    }

    /** The same as they are in there. */
    byte[] capabilityInside(byte[] value) {
        if (this == SAME || value.length != BYTES_3) {
            return value;
        }
        ByteBuffer of3 = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        if (of3.getInt(BYTES_2) != root) {
            return value;
        }
        byte[] of2 = new byte[BYTES_2];
        of3.get(0, of2);
        ByteBuffer.wrap(of2).order(ByteOrder.LITTLE_ENDIAN).putInt(0, of3.getInt(0) & FLAGS | REVISION_2);
        return of2;
    }
}
