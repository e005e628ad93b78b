package dev.tinydocker.cgroup;

import dev.tinydocker.cgroup.CgroupFigure.Unit;
import dev.tinydocker.linux.KernelFile;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Which files say what a cgroup uses and may use, in both versions. */
final class CgroupFigures {

    private static final String NONE = "";

    /** @param key a line's first word, where the file has several numbers; the first number of the file without */
    private record Kind(String controller, String what, Unit unit, String used, String key, String limit) {
    }

    private static final List<Kind> V1 = List.of(
            new Kind("memory", "memory", Unit.BYTES, "memory.usage_in_bytes", NONE, "memory.limit_in_bytes"),
            new Kind("memory", "memory and swap", Unit.BYTES, "memory.memsw.usage_in_bytes", NONE,
                    "memory.memsw.limit_in_bytes"),
            new Kind("pids", "processes", Unit.COUNT, "pids.current", NONE, "pids.max"),
            new Kind("cpuacct", "CPU time", Unit.NANOSECONDS, "cpuacct.usage", NONE, NONE),
            new Kind("cpu", "CPU quota", Unit.QUOTA, NONE, NONE, "cpu.cfs_quota_us"),
            new Kind("cpu", "CPU weight", Unit.WEIGHT, NONE, NONE, "cpu.shares"),
            new Kind("cpuset", "CPUs", Unit.TEXT, NONE, NONE, "cpuset.cpus"),
            new Kind("devices", "devices", Unit.TEXT, NONE, NONE, "devices.list"),
            new Kind("freezer", "freezer", Unit.TEXT, NONE, NONE, "freezer.state"));

    private static final List<Kind> V2 = List.of(
            new Kind("memory", "memory", Unit.BYTES, "memory.current", NONE, "memory.max"),
            new Kind("memory", "swap", Unit.BYTES, "memory.swap.current", NONE, "memory.swap.max"),
            new Kind("pids", "processes", Unit.COUNT, "pids.current", NONE, "pids.max"),
            new Kind(NONE, "CPU time", Unit.NANOSECONDS, "cpu.stat", "usage_usec", NONE),
            new Kind("cpu", "CPU quota", Unit.QUOTA, NONE, NONE, "cpu.max"),
            new Kind("cpu", "CPU weight", Unit.WEIGHT, NONE, NONE, "cpu.weight"),
            new Kind("cpuset", "CPUs", Unit.TEXT, NONE, NONE, "cpuset.cpus"),
            new Kind(NONE, "freezer", Unit.TEXT, NONE, NONE, "cgroup.freeze"));

    private static final long MICRO = 1000;

    private CgroupFigures() {
    }

    /** What is there to be read. */
    static List<CgroupFigure> of(List<CgroupPlace> places) {
        boolean first = places.stream().anyMatch(place -> place.version() == 1 && V1.stream()
                .anyMatch(kind -> place.controllers().contains(kind.controller)));
        List<CgroupFigure> figures = new ArrayList<>();
        for (Kind kind : first ? V1 : V2) {
            places.stream().filter(place -> place.version() == (first ? 1 : 2)
                    && (!first || place.controllers().contains(kind.controller))).findFirst().ifPresent(place -> {
                        CgroupFigure figure = read(kind, Path.of(place.directory()));
                        if (figure.used() != null || figure.limit() != null || !figure.text().isEmpty()) {
                            figures.add(figure);
                        }
                    });
        }
        return figures;
    }

    private static CgroupFigure read(Kind kind, Path directory) {
        Long used = kind.used.isEmpty() ? null : used(directory.resolve(kind.used), kind.key);
        String limit = kind.limit.isEmpty() ? "" : KernelFile.read(directory.resolve(kind.limit)).strip();
        boolean text = kind.unit == Unit.TEXT;
        return new CgroupFigure(kind.what, kind.unit, used, kind.used, text ? null : limit(limit), kind.limit,
                text || limit.equals("max") || limit.startsWith("max ") ? limit : "");
    }

    private static @Nullable Long used(Path file, String key) {
        String text = KernelFile.read(file).strip();
        if (text.isEmpty()) {
            return null;
        }
        return key.isEmpty() ? Counters.number(text) : Long.valueOf(Counters.keyed(file).get(key) * MICRO);
    }

    /** The first number; none where it stands for no limit. */
    private static @Nullable Long limit(String text) {
        OptionalLong limit = text.isEmpty() || text.startsWith("max") ? OptionalLong.empty()
                : Counters.limited(Counters.number(text.split(" ")[0]));
        return limit.isPresent() ? limit.getAsLong() : null;
    }
}
