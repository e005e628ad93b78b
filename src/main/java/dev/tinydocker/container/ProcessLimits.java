package dev.tinydocker.container;

import dev.tinydocker.security.ResourceLimit;
import dev.tinydocker.security.ResourceLimitParser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The resource limits of a process, {@code /proc/PID/limits}, proc(5): a line each, in the order of their numbers. */
record ProcessLimits(List<String> lines) {

    /** The width of their names. */
    private static final int NAME = "Max realtime priority     ".length();
    private static final String UNLIMITED = "unlimited";

    static ProcessLimits read(int pid) throws IOException {
        return parse(Files.readString(Path.of("/proc/" + pid + "/limits")));
    }

    static ProcessLimits parse(String limits) {
        return new ProcessLimits(limits.lines().skip(1).toList());
    }

    /** The same limit as it is; -1 where there is none. */
    ResourceLimit of(ResourceLimit asked) {
        // Names have blanks in them.
        String[] fields = lines.get(ResourceLimitParser.number(asked.name())).substring(NAME).split(" +");
        return new ResourceLimit(asked.name(), value(fields[0]), value(fields[1]));
    }

    private static long value(String word) {
        return word.equals(UNLIMITED) ? -1 : Long.parseUnsignedLong(word);
    }
}
