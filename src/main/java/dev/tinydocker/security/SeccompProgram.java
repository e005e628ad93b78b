package dev.tinydocker.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Instructions of classic BPF in front of a filter, for calls that are newer than what made the filter. */
final class SeccompProgram {

    private static final int ERRNO_ENOSYS = 0x00050026;

    /** ARM has private calls from here on, and x32 a bit. */
    static final int PRIVATE = 0xf0000;

    /** Above every number that a call has. */
    static final int NOTHING_HIDDEN = Integer.MAX_VALUE;

    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;

    private SeccompProgram() {
    }

    /**
     * The filter, behind what is known better. A call that is newer than the profile does not exist for the container:
     * its library then takes an older one, where EPERM would end the program.
     *
     * @param late what becomes of some calls, by their numbers, which all architectures have in common
     * @param newest by architecture the last call that exists for it, or {@link #NOTHING_HIDDEN}; what programs of
     * others call is left to the filter
     */
    static byte[] after(Map<Integer, Integer> late, Map<Integer, Integer> newest, byte[] filter) {
        List<Instruction> program = new ArrayList<>();
        newest.forEach((architecture, last) -> {
            List<Instruction> own = of(late, last);
            if (!own.isEmpty()) {
                program.add(Instruction.load(ARCHITECTURE));
                program.add(Instruction.jumpIfEqual(architecture, 0, own.size()));
                program.addAll(own);
            }
        });
        program.addAll(Instruction.read(filter));
        return Instruction.write(program);
    }

    /** What is known better of one architecture's calls; of all others it leads to what comes behind it. */
    private static List<Instruction> of(Map<Integer, Integer> late, int newest) {
        boolean hidden = newest != NOTHING_HIDDEN;
        int first = late.keySet().stream().mapToInt(number -> number).min().orElse(newest + 1);
        int between = 2 * late.size() + (hidden ? 3 : 0);
        List<Instruction> program = new ArrayList<>();
        if (between == 0) {
            return program;
        }
        program.add(Instruction.load(NUMBER));
        program.add(Instruction.jumpIfNotBelow(first, 0, between));
        late.forEach((number, action) -> {
            program.add(Instruction.jumpIfEqual(number, 0, 1));
            program.add(Instruction.returning(action));
        });
        if (hidden) {
            program.add(Instruction.jumpIfNotBelow(PRIVATE, 2, 0));
            program.add(Instruction.jumpIfNotBelow(newest + 1, 0, 1));
            program.add(Instruction.returning(ERRNO_ENOSYS));
        }
        return program;
    }
}
