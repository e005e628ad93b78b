package dev.tinydocker.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process's files in /proc say, as the kernel has written them once. */
class ProcFilesTests {

    @TempDir
    private Path directory;

    private ProcFiles process;

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        process = new ProcFiles(directory);
    }

    @Test
    void addressesBelongToTheLinkThatTheirNeighboursAreOn() throws IOException {
        write("net/dev", """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes
                    lo:       0       0    0    0
                  eth0:     926       9    0    0
                  eth1:       0       0    0    0
                """);
        write("net/route", """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                eth0\t00000000\t010014AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
                eth0\t000014AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
                eth1\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
                """);
        write("net/fib_trie", """
                Main:
                  +-- 0.0.0.0/0 3 0 5
                     |-- 0.0.0.0
                        /0 universe UNICAST
                     +-- 172.20.0.0/16 2 0 2
                        |-- 172.20.0.2
                           /32 host LOCAL
                        |-- 172.20.255.255
                           /32 link BROADCAST
                     |-- 192.168.1.9
                        /32 host LOCAL
                     |-- 127.0.0.1
                        /32 host LOCAL
                     |-- 203.0.113.9
                        /32 host LOCAL
                Local:
                     |-- 172.20.0.2
                        /32 host LOCAL
                """);
        write("net/if_inet6", """
                00000000000000000000000000000001 01 80 10 80       lo
                fd000001000000000000000000000002 10 40 00 80     eth0
                """);
        write("net/ipv6_route", "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
                + "fd000001000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n"
                + "fd000001000000000000000000000000 40 00000000000000000000000000000000 00 "
                + "00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n");
        assertThat(NetworkStack.links(process)).containsEntry("lo", List.of("127.0.0.1/8", "::1/128"))
                .containsEntry("eth0", List.of("172.20.0.2/16", "fd00:1::2/64"))
                .containsEntry("eth1", List.of("192.168.1.9/24")).containsEntry("?", List.of("203.0.113.9/32"));
        assertThat(NetworkStack.routes(process)).containsExactly(
                new Anatomy.Route("default", "172.20.0.1", "eth0"), new Anatomy.Route("172.20.0.0/16", "", "eth0"),
                new Anatomy.Route("192.168.1.0/24", "", "eth1"), new Anatomy.Route("default", "fd00:1::1", "eth0"));
    }

    @Test
    void aNumberIsTheOneInThereIfItsMapHasIt() throws IOException {
        write("status", "Name:\tsleep\nPid:\t335\nPPid:\t0\nNSpid:\t335\t1\nUid:\t0\t100007\t0\t0\nGid:\t5\t5\t5\t5\n"
                + "Threads:\t2\n");
        write("cmdline", "sleep\0two words\0\0");
        write("uid_map", "         0     100000      65536\n");
        assertThat(ProcessReader.process(process)).isEqualTo(new Anatomy.Process(335, 1, 0, "",
                List.of("sleep", "two words", ""), 100007, 7, 5, -1, 2));
    }

    @Test
    void wallsAreReadByName() throws IOException {
        write("status", "CapInh:\t0000000000000000\nCapPrm:\t0000000000000001\nCapEff:\t0000000000000003\n"
                + "CapBnd:\t0000010000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n"
                + "Seccomp_filters:\t3\n");
        assertThat(ProcessReader.walls(process, "built-in", "Landlock")).isEqualTo(new Anatomy.Walls(
                List.of("CAP_CHOWN", "CAP_DAC_OVERRIDE"), List.of("CAP_CHOWN"), List.of("CAP_CHECKPOINT_RESTORE"),
                List.of(), List.of(), true, 2, 3, "built-in", "Landlock"));
    }

    @Test
    void whatIsGoneSaysNothing() {
        ProcFiles gone = new ProcFiles(directory.resolve("gone"));
        assertThat(ProcessReader.process(gone).pid()).isZero();
        assertThat(gone.namespace("net")).isZero();
        assertThat(NetworkStack.links(gone)).isEmpty();
        assertThat(gone.label()).isEmpty();
    }
}
