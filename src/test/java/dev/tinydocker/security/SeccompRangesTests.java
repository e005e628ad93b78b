package dev.tinydocker.security;

import static dev.tinydocker.security.FilterMachine.ALLOWED;
import static dev.tinydocker.security.FilterMachine.ENOSYS;
import static dev.tinydocker.security.FilterMachine.EPERM;
import static dev.tinydocker.security.FilterMachine.decide;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A filter and its shorter form, carried out on the same calls. */
class SeccompRangesTests {

    private static final int X86_64 = 0xc000003e;
    private static final int I386 = 0x40000003;

    /** As libseccomp does it: for each architecture one number after the other. @param last what all others get */
    private static List<Instruction> chain(int architecture, List<Instruction> calls, int last) {
        List<Instruction> chain = new ArrayList<>();
        chain.add(Instruction.load(4));
        chain.add(Instruction.jumpIfEqual(architecture, 1, 0));
        chain.add(Instruction.jump(calls.size() + 2));
        chain.add(Instruction.load(0));
        chain.addAll(calls);
        chain.add(Instruction.returning(last));
        return chain;
    }

    private static List<Instruction> call(int number, int action) {
        return List.of(Instruction.jumpIfEqual(number, 0, 1), Instruction.returning(action));
    }

    private static void assertSame(byte[] filter, byte[] shorter) {
        for (int architecture : new int[] { X86_64, I386, 0, -1, 0xc00000b7 }) {
            for (int number = -2000; number < 2000; number++) {
                for (long argument : new long[] { 0, 5, 6, 1L << 32 | 5, -1 }) {
                    assertThat(decide(shorter, architecture, number, argument)).as("%x %d %x", architecture, number,
                            argument).isEqualTo(decide(filter, architecture, number, argument));
                }
            }
        }
    }

    @Test
    void numbersThatFareAlikeAreOneRange() {
        List<Instruction> calls = new ArrayList<>();
        for (int number = 0; number < 400; number++) {
            if (number % 100 != 7) {
                calls.addAll(call(number, ALLOWED));
            }
        }
        List<Instruction> both = new ArrayList<>(chain(X86_64, calls, EPERM));
        both.addAll(chain(I386, call(3, ALLOWED), ENOSYS));
        both.add(Instruction.returning(0));
        byte[] filter = Instruction.write(both);
        byte[] shorter = SeccompRanges.of(filter);
        assertThat(shorter.length / Instruction.SIZE).isLessThan(30);
        assertSame(filter, shorter);
    }

    @Test
    void argumentsAreLookedAtAsBefore() {
        List<Instruction> calls = new ArrayList<>(call(1, ALLOWED));
        calls.add(Instruction.jumpIfEqual(2, 0, 6));
        calls.add(Instruction.load(20));
        calls.add(Instruction.jumpIfEqual(0, 0, 3));
        calls.add(Instruction.load(16));
        calls.add(Instruction.jumpIfNotBelow(6, 1, 0));
        calls.add(Instruction.returning(ALLOWED));
        calls.add(Instruction.returning(ENOSYS));
        for (int number = 3; number < 30; number++) {
            calls.addAll(call(number, ALLOWED));
        }
        List<Instruction> all = new ArrayList<>(chain(X86_64, calls, EPERM));
        all.add(Instruction.returning(0));
        byte[] filter = Instruction.write(all);
        byte[] shorter = SeccompRanges.of(filter);
        assertThat(shorter.length).isLessThan(filter.length);
        assertThat(decide(shorter, X86_64, 2, 5)).isEqualTo(ALLOWED);
        assertThat(decide(shorter, X86_64, 2, 1L << 32 | 5)).isEqualTo(ENOSYS);
        assertSame(filter, shorter);
    }

    @Test
    void anyNumbersAndActionsAreKept() {
        Random random = new Random(1);
        for (int attempt = 0; attempt < 20; attempt++) {
            List<Instruction> calls = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                calls.addAll(call(random.nextInt(-1000, 1000), random.nextBoolean() ? ALLOWED : ENOSYS));
            }
            List<Instruction> all = new ArrayList<>(chain(X86_64, calls, EPERM));
            all.add(Instruction.returning(0));
            byte[] filter = Instruction.write(all);
            assertSame(filter, SeccompRanges.of(filter));
        }
    }

    @Test
    void whatIsNotUnderstoodStaysAsItIs() {
        byte[] odd = Instruction.write(List.of(Instruction.load(0), new Instruction(Instruction.AND, 0, 0, 1),
                Instruction.jumpIfEqual(1, 0, 1), Instruction.returning(ALLOWED), Instruction.returning(EPERM)));
        assertThat(SeccompRanges.of(odd)).isSameAs(odd);
        byte[] one = Instruction.write(List.of(Instruction.returning(ALLOWED)));
        assertThat(SeccompRanges.of(one)).isSameAs(one);
    }
}
