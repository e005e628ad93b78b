package dev.tinydocker.lima;

import java.util.HexFormat;
import java.util.Map;

/**
 * Which machine a program is for, by its header, elf(5). Trying it out tells less: through sudo, one for another
 * machine is taken for a shell script.
 */
final class Elf {

    private static final int MACHINE = 18;
    private static final byte[] MAGIC = { 0x7f, 'E', 'L', 'F' };
    private static final Map<Integer, String> MACHINES = Map.of(62, "x86_64", 183, "aarch64", 243, "riscv64", 40,
            "armv7l", 22, "s390x", 21, "ppc64le");

    private Elf() {
    }

    /**
     * The machine as uname(1) calls it, or what it is instead.
     *
     * @param hex the first bytes, 20 at least
     */
    static String machine(String hex) {
        byte[] header;
        try {
            header = HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            return "no machine";
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (header.length < MACHINE + 2 || header[i] != MAGIC[i]) {
                return "no machine";
            }
        }
        int number = header[MACHINE] & 0xff | (header[MACHINE + 1] & 0xff) << Byte.SIZE;
        return MACHINES.getOrDefault(number, "machine " + number);
    }
}
