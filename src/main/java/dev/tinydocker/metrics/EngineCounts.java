package dev.tinydocker.metrics;

import org.springframework.stereotype.Component;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what this engine does, from its start on. Safe from any thread. */
@Component
public class EngineCounts {

    /** The parts of a container's start, one after the other; {@code TOTAL} is all of them. */
    public enum Phase {
        /** Finding the image, and the container's row. */
        CREATE,
        /** Its address, and the plan. */
        PLAN,
        /** The engine's half: directories, files, cgroups. */
        HOST,
        /** Starting the shim, and giving it the plan. */
        SHIM,
        /** The shim's half until execve, and the veth beside it. */
        CHILD,
        /** From the user's wish to execve. */
        TOTAL
    }

    private final LongAdder starts = new LongAdder();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final Map<Phase, Timing> phases = new EnumMap<>(Phase.class);
    private final LongAdder pulls = new LongAdder();
    private final LongAdder failedPulls = new LongAdder();
    private final LongAdder pulledBytes = new LongAdder();

    /** Steps that fail sooner or later are there from the start: a series that begins with 1 has no rate before. */
    private static final List<String> USUAL_FAILURES = List.of("plan", "host", "shim", "connect", "exec");

    public EngineCounts() {
        USUAL_FAILURES.forEach(step -> failures.put(step, new LongAdder()));
        for (Phase phase : Phase.values()) {
            phases.put(phase, new Timing());
        }
    }

    public void started() {
        starts.increment();
    }

    /** @param step the kind of step that failed, of which there are some dozens: a name and no value */
    public void failed(String step) {
        failures.computeIfAbsent(step, _ -> new LongAdder()).increment();
    }

    public Timing phase(Phase phase) {
        Timing timing = phases.get(phase);
        if (timing == null) {
            throw new IllegalStateException(phase.name());
        }
        return timing;
    }

    public void pulled(boolean succeeded) {
        (succeeded ? pulls : failedPulls).increment();
    }

    /** Bytes of layers that a registry has sent. */
    public void received(long bytes) {
        pulledBytes.add(bytes);
    }

    public long starts() {
        return starts.sum();
    }

    /** How many starts failed, by the step that did. */
    public Map<String, Long> failures() {
        Map<String, Long> sums = new TreeMap<>();
        failures.forEach((step, count) -> sums.put(step, count.sum()));
        return sums;
    }

    public long pulls(boolean succeeded) {
        return (succeeded ? pulls : failedPulls).sum();
    }

    public long receivedBytes() {
        return pulledBytes.sum();
    }
}
