package dev.tinydocker.cgroup;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel's list format for CPUs, as in {@code 0-2,4}: cpuset(7), "Formats". */
final class CpuList {

    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    private CpuList() {
    }

    /** The CPUs that may be used. */
    static BitSet online() {
        try {
            return parse(Files.readString(ONLINE).strip()).orElseThrow();
        } catch (IOException e) {
            throw new SystemFailure("read '" + ONLINE + "'", FileFailures.reason(e), "is /sys mounted?", e);
        }
    }

    static Optional<BitSet> parse(String list) {
        BitSet cpus = new BitSet();
        for (String part : list.split(",", -1)) {
            Matcher matcher = RANGE.matcher(part);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (last < first) {
                return Optional.empty();
            }
            cpus.set(first, last + 1);
        }
        return Optional.of(cpus);
    }

    static String format(BitSet cpus) {
        StringJoiner list = new StringJoiner(",");
        for (int first = cpus.nextSetBit(0); first >= 0;) {
            int end = cpus.nextClearBit(first);
            list.add(end - first == 1 ? String.valueOf(first) : first + "-" + (end - 1));
            first = cpus.nextSetBit(end);
        }
        return list.toString();
    }
}
