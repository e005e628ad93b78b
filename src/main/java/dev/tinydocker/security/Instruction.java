package dev.tinydocker.security;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * An instruction of classic BPF, struct sock_filter of {@code linux/filter.h}.
 *
 * @param yes how many instructions are skipped where a comparison holds, {@code no} where it does not; up to 255
 */
record Instruction(int code, int yes, int no, int value) {

    static final int SIZE = 8;
    static final int FARTHEST = 255;

    /** BPF_LD|W|ABS, BPF_ALU|AND|K, BPF_RET|K, BPF_JMP|JA, and BPF_JMP|JEQ|K, JGT, JGE, JSET. */
    static final int LOAD = 0x20;
    static final int AND = 0x54;
    static final int RETURN = 0x06;
    static final int JUMP = 0x05;
    static final int JUMP_EQUAL = 0x15;
    static final int JUMP_ABOVE = 0x25;
    static final int JUMP_NOT_BELOW = 0x35;

    static Instruction load(int offset) {
        return new Instruction(LOAD, 0, 0, offset);
    }

    static Instruction returning(int action) {
        return new Instruction(RETURN, 0, 0, action);
    }

    static Instruction jump(int distance) {
        return new Instruction(JUMP, 0, 0, distance);
    }

    static Instruction jumpIfEqual(int value, int yes, int no) {
        return new Instruction(JUMP_EQUAL, yes, no, value);
    }

    static Instruction jumpIfNotBelow(int value, int yes, int no) {
        return new Instruction(JUMP_NOT_BELOW, yes, no, value);
    }

    Instruction yes(int distance) {
        return new Instruction(code, distance, no, value);
    }

    Instruction no(int distance) {
        return new Instruction(code, yes, distance, value);
    }

    boolean compares() {
        return code == JUMP_EQUAL || code == JUMP_ABOVE || code == JUMP_NOT_BELOW;
    }

    /** Whether a comparison holds. */
    boolean holds(int loaded) {
        return switch (code) {
            case JUMP_EQUAL -> loaded == value;
            case JUMP_ABOVE -> Integer.compareUnsigned(loaded, value) > 0;
            default -> Integer.compareUnsigned(loaded, value) >= 0;
        };
    }

    /** Where a jump at a place leads to. */
    int target(int at, boolean holds) {
        return at + 1 + (code == JUMP ? value : holds ? yes : no);
    }

    static List<Instruction> read(byte[] program) {
        ByteBuffer bytes = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        List<Instruction> instructions = new ArrayList<>();
        while (bytes.hasRemaining()) {
            instructions.add(new Instruction(Short.toUnsignedInt(bytes.getShort()), Byte.toUnsignedInt(bytes.get()),
                    Byte.toUnsignedInt(bytes.get()), bytes.getInt()));
        }
        return instructions;
    }

    static byte[] write(List<Instruction> instructions) {
        ByteBuffer bytes = ByteBuffer.allocate(instructions.size() * SIZE).order(ByteOrder.nativeOrder());
        instructions.forEach(each -> bytes.putShort((short) each.code).put((byte) each.yes).put((byte) each.no)
                .putInt(each.value));
        return bytes.array();
    }
}
