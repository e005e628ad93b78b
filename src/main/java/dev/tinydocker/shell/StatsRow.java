package dev.tinydocker.shell;

import dev.tinydocker.cgroup.Usage;
import dev.tinydocker.container.Container;
import dev.tinydocker.container.Figures;
import dev.tinydocker.linux.NetworkInterface;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The figures of a container between two looks at it, by Docker's formulas and in Docker's words. */
final class StatsRow {

    static final List<String> FIELDS = List.of("ID", "Container", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO",
            "BlockIO", "PIDs");
    static final Listing LISTING = Listing.of(FIELDS, "ID", "CONTAINER ID", "Name", "NAME", "CPUPerc", "CPU %",
            "MemUsage", "MEM USAGE / LIMIT", "MemPerc", "MEM %", "NetIO", "NET I/O", "BlockIO", "BLOCK I/O", "PIDs",
            "PIDS");

    private static final double PERCENT = 100;

    private StatsRow() {
    }

    /**
     * @param before an earlier look, null where there is none: then nothing is known of its use of processors
     * @param processors of this host
     * @param machine bytes of memory of this host, which no limit can exceed
     */
    static Map<String, String> of(@Nullable Figures before, Figures now, int processors, long machine, boolean whole) {
        Map<String, String> row = head(now.id(), now.name(), whole);
        row.put("CPUPerc", before == null ? "--" : percent(cpu(before, now, processors)));
        long used = used(now.usage().memory());
        long limit = Math.min(machine, now.usage().memory().limit().orElse(machine));
        row.put("MemUsage", Sizes.binary(used) + " / " + Sizes.binary(limit));
        row.put("MemPerc", percent(limit == 0 ? 0 : PERCENT * used / limit));
        row.put("NetIO", both(sum(now, link -> link.received().bytes()), sum(now, link -> link.sent().bytes())));
        row.put("BlockIO", both(
                now.usage().devices().stream().mapToLong(device -> device.readBytes()).sum(),
                now.usage().devices().stream().mapToLong(device -> device.writtenBytes()).sum()));
        row.put("PIDs", Long.toString(now.usage().threads()));
        return row;
    }

    /** One that does not run. */
    static Map<String, String> nothing(Container container, boolean whole) {
        Map<String, String> row = head(container.id(), container.name(), whole);
        row.put("CPUPerc", percent(0));
        row.put("MemUsage", "0B / 0B");
        row.put("MemPerc", percent(0));
        row.put("NetIO", both(0, 0));
        row.put("BlockIO", both(0, 0));
        row.put("PIDs", "0");
        return row;
    }

    private static Map<String, String> head(String id, String name, boolean whole) {
        Map<String, String> row = new LinkedHashMap<>();
        String shown = whole ? id : id.substring(0, 12);
        row.put("ID", shown);
        row.put("Container", shown);
        row.put("Name", name);
        return row;
    }

    /** The same of one that the user has named, in the user's word. */
    static Map<String, String> named(Map<String, String> row, String word) {
        row.put("Container", word);
        return row;
    }

    /** The working set, but all of it where the kernel has not come to count the rest yet. */
    private static long used(Usage.Memory memory) {
        return memory.inactiveFile() < memory.usage() ? memory.workingSet() : memory.usage();
    }

    /** 100 for each processor that it kept busy all the time. */
    private static double cpu(Figures before, Figures now, int processors) {
        double host = now.hostCpuNanos() - before.hostCpuNanos();
        double own = now.usage().cpu().total() - before.usage().cpu().total();
        return host > 0 && own > 0 ? own / host * processors * PERCENT : 0;
    }

    private static long sum(Figures figures, ToLongFunction<NetworkInterface> count) {
        return figures.interfaces().stream().mapToLong(count).sum();
    }

    private static String both(long in, long out) {
        return Sizes.of(in) + " / " + Sizes.of(out);
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }
}
