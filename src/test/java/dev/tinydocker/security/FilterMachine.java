package dev.tinydocker.security;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Carries out classic BPF on struct seccomp_data, instruction by instruction as the kernel does: seccomp(2). */
final class FilterMachine {

    static final int ALLOWED = 0x7fff0000;
    static final int EPERM = 0x00050001;
    static final int ENOSYS = 0x00050026;

    private FilterMachine() {
    }

    /**
     * What the kernel would do with a call.
     *
     * @param architecture AUDIT_ARCH_… of {@code linux/audit.h}
     * @param argument the first one; the others are 0
     * @return SECCOMP_RET_…, with its errno
     */
    static int decide(byte[] filter, int architecture, int number, long argument) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(number).putInt(architecture)
                .putLong(0).putLong(argument);
        ByteBuffer program = ByteBuffer.wrap(filter).order(ByteOrder.LITTLE_ENDIAN);
        int accumulator = 0;
        for (int at = 0;;) {
            int code = program.getShort(at * 8) & 0xffff;
            int yes = program.get(at * 8 + 2) & 0xff;
            int no = program.get(at * 8 + 3) & 0xff;
            int value = program.getInt(at * 8 + 4);
            at++;
            switch (code) {
                case 0x20 -> accumulator = data.getInt(value);
                case 0x54 -> accumulator &= value;
                case 0x05 -> at += value;
                case 0x06 -> {
                    return value;
                }
                case 0x15 -> at += accumulator == value ? yes : no;
                case 0x25 -> at += Integer.compareUnsigned(accumulator, value) > 0 ? yes : no;
                case 0x35 -> at += Integer.compareUnsigned(accumulator, value) >= 0 ? yes : no;
                case 0x45 -> at += (accumulator & value) != 0 ? yes : no;
                default -> throw new AssertionError("instruction " + Integer.toHexString(code));
            }
        }
    }
}
