package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.NetworkInterface.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class HostFiguresTests {

    @TempDir
    Path directory;

    @Test
    void linksAreReadButLo() {
        assertThat(NetworkInterface.parse("""
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo
                    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0
                  eth0: 5000000    4000    3    2    0     0          0         0     7000      60    5    4    0
                  eth1:12345678901       1    0    0    0     0          0         0        0       0    0    0    0
                """)).containsExactly(
                new NetworkInterface("eth0", new Traffic(5_000_000, 4000, 3, 2), new Traffic(7000, 60, 5, 4)),
                new NetworkInterface("eth1", new Traffic(12_345_678_901L, 1, 0, 0), new Traffic(0, 0, 0, 0)));
        assertThat(NetworkInterface.parse("")).isEmpty();
    }

    /** Of containers in this one, whose names come and go; and of somebody who makes links for fun. */
    @Test
    void linksThatAreNotAWayOutAreLeftOutAndTheirNumberIsBounded() {
        String numbers = ": 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n";
        assertThat(NetworkInterface.parse("a\nb\nvethf00" + numbers + "docker0" + numbers + "Veth" + numbers + "nerdctl1"
                + numbers + "tun0" + numbers)).extracting(NetworkInterface::name).containsExactly("tun0");
        assertThat(NetworkInterface.parse("a\nb\neth0" + numbers + ("d" + numbers).repeat(1000))).hasSize(32).first()
                .extracting(NetworkInterface::name).isEqualTo("eth0");
    }

    /** Not those that this JVM may use, as it may be held on one of them. */
    @Test
    void processorsAreThoseOfTheHost() {
        assertThat(HostCpu.count("cpu  1 2 3\ncpu0 1 2 3\ncpu2 1 2 3\ncpu11 1 2 3\nintr 7\nctxt 8\n")).isEqualTo(3);
        assertThat(HostCpu.count()).isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void theTimeOfAllProcessorsIsTheFirstSevenNumbers() {
        assertThat(HostCpu.parse("cpu  1 2 3 4 5 6 7 800 900 1000\ncpu0 1 1 1 1 1 1 1 0 0 0\n")).isEqualTo(280_000_000);
        assertThat(HostCpu.nanos()).isPositive();
    }

    @Test
    void filesAreReadWholeWhateverTheirSize() throws IOException {
        for (int size : new int[] { 0, 1, 2048, 4096, 4097, 100_000 }) {
            Path file = Files.writeString(directory.resolve("f"), "x".repeat(size));
            assertThat(KernelFile.read(file)).hasSize(size);
        }
        assertThat(KernelFile.read(directory.resolve("none"))).isEmpty();
        assertThat(KernelFile.read(Path.of("/proc/self/status"))).startsWith("Name:").contains("nonvoluntary_ctxt");
        assertThat(KernelFile.read(Path.of("/proc/kallsyms"))).endsWith("\n").hasSizeGreaterThan(4096);
    }
}
