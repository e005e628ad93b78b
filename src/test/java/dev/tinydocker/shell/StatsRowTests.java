package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.cgroup.Usage;
import dev.tinydocker.container.Figures;
import dev.tinydocker.linux.NetworkInterface;
import dev.tinydocker.linux.NetworkInterface.Traffic;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Docker's formulas, with numbers worked out by hand. */
class StatsRowTests {

    private static final long GIB = 1L << 30;

    private static Figures figures(long cpuNanos, long hostNanos, OptionalLong limit) {
        return figures(cpuNanos, hostNanos, 300 << 20, 100 << 20, limit);
    }

    private static Figures figures(long cpuNanos, long hostNanos, long memory, long inactive, OptionalLong limit) {
        Usage usage = new Usage(new Usage.Cpu(cpuNanos, 0, 0, 0, 0, 0, OptionalLong.empty(), 100_000, 1024),
                new Usage.Memory(memory, 0, inactive, 0, 0, 0, 0, limit, 0, 0, new Usage.Faults(0, 0),
                        new Usage.Faults(0, 0)),
                List.of(new Usage.Device(8, 0, 1_500_000, 20, 0, 0), new Usage.Device(8, 16, 500_000, 3, 0, 0)),
                List.of(7), 3, OptionalLong.empty(), Map.of());
        return new Figures("3f2a9c1b4d5e".repeat(6).substring(0, 64), "web", "busybox", "/t/3f", 7, Instant.EPOCH,
                Instant.EPOCH, usage, List.of(
                        new NetworkInterface("eth0", new Traffic(1000, 1, 0, 0), new Traffic(0, 0, 0, 0)),
                        new NetworkInterface("eth1", new Traffic(234, 1, 0, 0), new Traffic(7, 1, 0, 0))), 3, hostNanos);
    }

    @Test
    void theRowIsDockers() {
        Map<String, String> row = StatsRow.of(figures(1_000, 10_000, OptionalLong.empty()),
                figures(1_500, 12_000, OptionalLong.of(512 << 20)), 4, 4 * GIB, false);

        // 500 of 2,000 on 4 processors.
        assertThat(row).containsEntry("CPUPerc", "100.00%").containsEntry("MemUsage", "200MiB / 512MiB")
                .containsEntry("MemPerc", "39.06%").containsEntry("NetIO", "1.23kB / 7B")
                .containsEntry("BlockIO", "2MB / 23B").containsEntry("PIDs", "3").containsEntry("ID", "3f2a9c1b4d5e")
                .containsEntry("Name", "web");
    }

    @Test
    void aLimitAboveTheMachineIsTheMachine() {
        assertThat(StatsRow.of(null, figures(0, 0, OptionalLong.of(1L << 50)), 1, GIB, true))
                .containsEntry("MemUsage", "200MiB / 1GiB").containsEntry("CPUPerc", "--");
    }

    @Test
    void whatTheUserHasNamedIsShownInTheUsersWord() {
        Map<String, String> row = StatsRow.named(StatsRow.of(null, figures(0, 0, OptionalLong.empty()), 1, GIB, false),
                "3f2a9");
        assertThat(row).containsEntry("Container", "3f2a9").containsEntry("ID", "3f2a9c1b4d5e")
                .containsEntry("Name", "web");
        assertThat(row.keySet()).containsExactlyElementsOf(StatsRow.FIELDS);
    }

    @Test
    void aCacheThatIsMoreThanAllIsNotTakenOff() {
        assertThat(StatsRow.of(null, figures(0, 0, 100, 101, OptionalLong.empty()), 1, GIB, false))
                .containsEntry("MemUsage", "100B / 1GiB");
        assertThat(StatsRow.of(null, figures(0, 0, 100, 99, OptionalLong.empty()), 1, GIB, false))
                .containsEntry("MemUsage", "1B / 1GiB");
    }

    @Test
    void aContainerThatWasStartedAnewHasUsedNothing() {
        assertThat(StatsRow.of(figures(9_000, 10_000, OptionalLong.empty()), figures(100, 12_000, OptionalLong.empty()),
                2, GIB, false)).containsEntry("CPUPerc", "0.00%");
    }

    @Test
    void memoryHasFourDigitsAndPowersOf1024() {
        assertThat(Sizes.binary(0)).isEqualTo("0B");
        assertThat(Sizes.binary(1023)).isEqualTo("1023B");
        assertThat(Sizes.binary(241_664)).isEqualTo("236KiB");
        assertThat(Sizes.binary(25_276_502_016L)).isEqualTo("23.54GiB");
    }
}
