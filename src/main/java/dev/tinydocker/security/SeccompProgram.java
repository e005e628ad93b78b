package dev.tinydocker.security;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** Instructions of classic BPF in front of a filter, for calls that are newer than what made the filter. */
final class SeccompProgram {

    static final int INSTRUCTION = 8;

    /** BPF_LD|W|ABS of the call's number, BPF_JMP|JEQ|K, |JGE|K, BPF_RET|K: {@code linux/filter.h}. */
    private static final short LOAD_NUMBER = 0x20;
    private static final short JUMP_EQUAL = 0x15;
    private static final short JUMP_NOT_BELOW = 0x35;
    private static final short RETURN = 0x06;
    private static final int ERRNO_ENOSYS = 0x00050026;

    /** ARM has private calls from here on, and x32 a bit. */
    private static final int PRIVATE = 0xf0000;

    private SeccompProgram() {
    }

    /**
     * The filter, behind what is known better. A call that is newer than the profile does not exist for the container:
     * its library then takes an older one, where EPERM would end the program.
     *
     * @param late what becomes of some calls, by their numbers
     * @param newest the last call that exists for it; the highest number there is where nothing is hidden
     */
    static byte[] after(Map<Integer, Integer> late, int newest, byte[] filter) {
        boolean hidden = newest != Integer.MAX_VALUE;
        int first = late.keySet().stream().mapToInt(number -> number).min().orElse(newest + 1);
        int between = 2 * late.size() + (hidden ? 3 : 0);
        if (between == 0) {
            return filter;
        }
        ByteBuffer program = ByteBuffer.allocate((2 + between) * INSTRUCTION + filter.length)
                .order(ByteOrder.nativeOrder());
        add(program, LOAD_NUMBER, 0, 0, 0);
        add(program, JUMP_NOT_BELOW, 0, between, first);
        late.forEach((number, action) -> {
            add(program, JUMP_EQUAL, 0, 1, number);
            add(program, RETURN, 0, 0, action);
        });
        if (hidden) {
            add(program, JUMP_NOT_BELOW, 2, 0, PRIVATE);
            add(program, JUMP_NOT_BELOW, 0, 1, newest + 1);
            add(program, RETURN, 0, 0, ERRNO_ENOSYS);
        }
        return program.put(filter).array();
    }

    /** @param yes how many instructions to skip where the comparison holds, {@code no} where it does not */
    private static void add(ByteBuffer program, short code, int yes, int no, int value) {
        program.putShort(code).put((byte) yes).put((byte) no).putInt(value);
    }
}
