package dev.tinydocker.shim;

import dev.tinydocker.plan.Outcome;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * When the steps of a plan were done, on the clock of {@link System#nanoTime()}.
 *
 * @param shimBegan when the shim began its first step
 * @param childBegan when the child did; 0 where there was none
 * @param nanos how long each step took; 0 where it was not begun
 * @param outcomes what became of each
 */
public record StepTimes(long shimBegan, long childBegan, List<Long> nanos, List<Outcome> outcomes) {

    private static final int EACH = Integer.BYTES + Byte.BYTES;

    public StepTimes {
        nanos = List.copyOf(nanos);
        outcomes = List.copyOf(outcomes);
    }

    /** The payload of TIMES. */
    static StepTimes read(ByteBuffer payload) {
        long shim = payload.getLong();
        long child = payload.getLong();
        int steps = payload.remaining() / EACH;
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            nanos.add(Integer.toUnsignedLong(payload.getInt()));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            outcomes.add(Outcome.of(payload.get()));
        }
        return new StepTimes(shim, child, nanos, outcomes);
    }
}
