package dev.tinydocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which devices the processes of a cgroup v2 may make and open: a small program in the kernel that is asked each time,
 * bpf(2), BPF_PROG_TYPE_CGROUP_DEVICE, Linux 4.15. It allows what a rule allows and nothing else. The same rules are
 * loaded once; the kernel keeps a program as long as a cgroup has it.
 */
public final class DeviceFilter {

    private static final int PROG_LOAD = 5;
    private static final int PROG_ATTACH = 8;
    private static final int PROG_GET_FD_BY_ID = 13;
    private static final int OBJ_GET_INFO_BY_FD = 15;
    private static final int PROG_QUERY = 16;
    private static final int CGROUP_DEVICE_PROGRAM = 15;
    private static final int CGROUP_DEVICE_ATTACHMENT = 6;
    private static final int ALLOW_MULTI = 2;
    private static final int ATTRIBUTES = 128;
    /** The kernel's BPF_CGROUP_MAX_PROGS. */
    private static final int MOST_PROGRAMS = 64;
    private static final int INSTRUCTION = 8;

    /** struct bpf_cgroup_dev_ctx: access above kind, major, minor. Access is mknod 1, read 2, write 4, or-ed. */
    private static final int KIND_BITS = 16;
    private static final int ANY = -1;

    /** Codes of instructions, {@code linux/bpf_common.h}; registers: 1 context, 2 kind, 3 access, 4 major, 5 minor. */
    private static final int LOAD_32 = 0x61;
    private static final int COPY = 0xbf;
    private static final int AND = 0x57;
    private static final int SHIFT_RIGHT = 0x77;
    private static final int SET = 0xb7;
    private static final int SKIP_UNLESS = 0x55;
    private static final int SKIP_UNLESS_SAME = 0x5d;
    private static final int EXIT = 0x95;

    private static final Map<List<String>, Integer> LOADED = new ConcurrentHashMap<>();

    private DeviceFilter() {
    }

    /**
     * Attaches a filter to a cgroup.
     *
     * @param rules as cgroup v1 takes them, as in {@code c 1:3 rwm}, {@code b *:* m}
     */
    public static void attach(Path cgroup, List<String> rules) {
        int program = LOADED.computeIfAbsent(List.copyOf(rules), DeviceFilter::load);
        try (DirectoryHandle directory = DirectoryHandle.open(cgroup); Memory attributes = new Memory(ATTRIBUTES)) {
            attributes.clear();
            attributes.setInt(0, directory.number);
            attributes.setInt(4, program);
            attributes.setInt(8, CGROUP_DEVICE_ATTACHMENT);
            attributes.setInt(12, ALLOW_MULTI);
            call(PROG_ATTACH, attributes, cgroup.toString());
        }
    }

    /**
     * Whether the kernel asks a filter of these very rules for a cgroup: the one that it has carries the same tag,
     * which is made of all instructions. What others have attached besides can only refuse more.
     */
    public static boolean isAttached(Path cgroup, List<String> rules) {
        String tag = tag(LOADED.computeIfAbsent(List.copyOf(rules), DeviceFilter::load));
        return attached(cgroup).stream().anyMatch(program -> {
            try {
                return tag(program).equals(tag);
            } finally {
                FileCalls.close(program);
            }
        });
    }

    /** Descriptors of the programs that a cgroup has; the caller closes them. */
    private static List<Integer> attached(Path cgroup) {
        try (DirectoryHandle directory = DirectoryHandle.open(cgroup); Memory attributes = new Memory(ATTRIBUTES);
                Memory ids = new Memory(4L * MOST_PROGRAMS)) {
            attributes.clear();
            attributes.setInt(0, directory.number);
            attributes.setInt(4, CGROUP_DEVICE_ATTACHMENT);
            attributes.setLong(16, Pointer.nativeValue(ids));
            attributes.setInt(24, MOST_PROGRAMS);
            call(PROG_QUERY, attributes, cgroup.toString());
            List<Integer> programs = new ArrayList<>();
            for (int id : ids.getIntArray(0, attributes.getInt(24))) {
                attributes.clear();
                attributes.setInt(0, id);
                programs.add((int) call(PROG_GET_FD_BY_ID, attributes, cgroup.toString()));
            }
            return programs;
        }
    }

    /** Of struct bpf_prog_info, type and id come before it. */
    private static String tag(int program) {
        try (Memory attributes = new Memory(ATTRIBUTES); Memory info = new Memory(ATTRIBUTES)) {
            attributes.clear();
            info.clear();
            attributes.setInt(0, program);
            attributes.setInt(4, ATTRIBUTES);
            attributes.setLong(8, Pointer.nativeValue(info));
            call(OBJ_GET_INFO_BY_FD, attributes, "a device filter");
            return HexFormat.of().formatHex(info.getByteArray(8, 8));
        }
    }

    private static int load(List<String> rules) {
        byte[] program = program(rules);
        try (Memory attributes = new Memory(ATTRIBUTES); Memory instructions = new Memory(program.length);
                Memory license = new Memory(INSTRUCTION)) {
            attributes.clear();
            instructions.write(0, program, 0, program.length);
            license.setString(0, "GPL");
            attributes.setInt(0, CGROUP_DEVICE_PROGRAM);
            attributes.setInt(4, program.length / INSTRUCTION);
            attributes.setLong(8, Pointer.nativeValue(instructions));
            attributes.setLong(16, Pointer.nativeValue(license));
            attributes.setInt(68, CGROUP_DEVICE_ATTACHMENT);
            return (int) call(PROG_LOAD, attributes, "a device filter");
        }
    }

    private static long call(int command, Memory attributes, String object) {
        return SyscallException.check(Bpf.syscall(Bpf.NUMBER, command, attributes, attributes.size()), "bpf", object);
    }

    /** The instructions, eight bytes each: code, registers, how many to skip, value. */
    static byte[] program(List<String> rules) {
        List<long[]> all = new ArrayList<>();
        all.add(new long[] { LOAD_32, 2, 1, 0, 0 });
        all.add(new long[] { COPY, 3, 2, 0, 0 });
        all.add(new long[] { AND, 2, 0, 0, (1L << KIND_BITS) - 1 });
        all.add(new long[] { SHIFT_RIGHT, 3, 0, 0, KIND_BITS });
        all.add(new long[] { LOAD_32, 4, 1, 4, 0 });
        all.add(new long[] { LOAD_32, 5, 1, 8, 0 });
        rules.forEach(rule -> add(all, rule));
        all.add(new long[] { SET, 0, 0, 0, 0 });
        all.add(new long[] { EXIT, 0, 0, 0, 0 });
        ByteBuffer bytes = ByteBuffer.allocate(all.size() * INSTRUCTION).order(ByteOrder.nativeOrder());
        for (long[] one : all) {
            bytes.put((byte) one[0]).put((byte) (one[2] << 4 | one[1])).putShort((short) one[3]).putInt((int) one[4]);
        }
        return bytes.array();
    }

    /** A rule: each test that fails skips what is left of it. */
    private static void add(List<long[]> all, String rule) {
        String[] words = rule.split("[ :]");
        int kind = switch (words[0]) {
            case "b" -> 1;
            case "c" -> 2;
            default -> ANY;
        };
        int access = 0;
        for (char letter : words[words.length - 1].toCharArray()) {
            access |= letter == 'm' ? 1 : letter == 'r' ? 2 : 4;
        }
        List<long[]> tests = new ArrayList<>();
        test(tests, 2, kind);
        tests.add(new long[] { COPY, 1, 3, 0, 0 });
        tests.add(new long[] { AND, 1, 0, 0, access });
        tests.add(new long[] { SKIP_UNLESS_SAME, 1, 3, 0, 0 });
        test(tests, 4, words[1].equals("*") ? ANY : Integer.parseInt(words[1]));
        test(tests, 5, words[2].equals("*") ? ANY : Integer.parseInt(words[2]));
        tests.add(new long[] { SET, 0, 0, 0, 1 });
        tests.add(new long[] { EXIT, 0, 0, 0, 0 });
        for (int i = 0; i < tests.size(); i++) {
            long[] test = tests.get(i);
            if (test[0] == SKIP_UNLESS || test[0] == SKIP_UNLESS_SAME) {
                test[3] = tests.size() - i - 1L;
            }
        }
        all.addAll(tests);
    }

    private static void test(List<long[]> tests, int register, int value) {
        if (value != ANY) {
            tests.add(new long[] { SKIP_UNLESS, register, 0, 0, value });
        }
    }

    /** Apart, so that nobody looks it up who has cgroups of version 1. */
    private static final class Bpf {

        static final long NUMBER = System.getProperty("os.arch").equals("aarch64") ? 280 : 321;

        static {
            Native.register("c");
        }

        static native long syscall(long number, long command, Memory attributes, long size);
    }
}
