package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.lesson.Course;
import dev.tinydocker.support.BusyboxTree;
import dev.tinydocker.support.HostState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * An engine whose host is a network namespace that nothing else uses: with settings, routes and rules that no test may
 * give to this host. Rules of iptables-legacy(8) never quite go again.
 */
@Timeout(60)
class OtherHostKernelIT {

    @TempDir
    Path directory;

    private final HostState host = new HostState();
    private Tiny tiny;
    private Process other;

    @BeforeEach
    void begin() throws IOException {
        tiny = new Tiny(directory);
        BusyboxTree.make(Files.createDirectory(directory.resolve("rootfs")));
        other = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; exec sleep 1000").start();
        other.inputReader().readLine();
        there("ip", "link", "set", "lo", "up");
    }

    @AfterEach
    void end() throws Exception {
        tiny.close();
        other.destroyForcibly().waitFor();
        host.assertUnchanged();
    }

    @Test
    void packetsAreAsLargeAsTheDefaultRouteAllowsAndWhatIsSetIsSaidOnce() throws IOException {
        there("sh", "-c", "ip link add up0 mtu 1400 type veth peer up1; ip link set up0 up; ip addr add 192.0.2.1/24 dev up0; "
                + "ip route add default via 192.0.2.2; cd /proc/sys/net; echo 0 >ipv4/ip_forward; "
                + "echo 0 >ipv6/conf/all/forwarding; echo 1 >ipv6/conf/up0/accept_ra");
        assertThat(run("isolated", "cat", "/sys/class/net/eth0/mtu")).contains("1400")
                .contains("net.ipv4.ip_forward was 0: set to 1, so that containers reach other hosts");
        there(tiny("network", "create", "--ipv6", "six"));
        there("ip", "route", "change", "default", "via", "192.0.2.2", "mtu", "1300");
        assertThat(run("six", "cat", "/sys/class/net/eth0/mtu")).contains("1300")
                .anyMatch(line -> line.matches("net\\.ipv6\\.conf\\.all\\.forwarding was 0: set to 1, .*; "
                        + "accept_ra of .*up0.* was 1: set to 2, .*"))
                .noneMatch(line -> line.contains("ip_forward"));
        assertThat(there("sh", "-c", "cd /proc/sys/net; cat ipv4/ip_forward ipv6/conf/all/forwarding "
                + "ipv6/conf/up0/accept_ra")).containsExactly("1", "1", "2");
    }

    @Test
    void chainsOfIptablesLegacyThatAreInTheWayAreSaidWithWhatHelps() throws IOException {
        there("iptables-legacy", "-P", "FORWARD", "DROP");
        there("iptables-legacy", "-A", "INPUT", "-i", "lo", "-j", "ACCEPT");
        there("iptables-legacy", "-A", "INPUT", "-j", "DROP");
        there("ip6tables-legacy", "-A", "FORWARD", "-p", "tcp", "-j", "ACCEPT");
        there("ip6tables-legacy", "-A", "FORWARD", "-j", "REJECT");
        there(tiny("network", "create", "--ipv6", "six"));
        assertThat(chains("isolated")).hasSize(1).first().asString().contains("'ip filter FORWARD' of iptables-legacy");
        List<String> three = chains("six");
        assertThat(three).hasSize(3).anyMatch(line -> line.contains("'ip filter INPUT' of iptables-legacy"))
                .anyMatch(line -> line.contains("'ip6 filter FORWARD' of iptables-legacy"));
        for (String notice : three) {
            there("sh", "-c", notice.replaceFirst(".* with: ", ""));
        }
        ProcessHandle engine = tiny.engine();
        engine.destroy();
        Tiny.awaitEnd(engine);
        assertThat(chains("six")).as("once they are out of the way").isEmpty();
        assertThat(chains("isolated")).as("of other links").hasSize(1);
    }

    /** What a script or a lesson has set for itself is set back, but not under containers that came meanwhile. */
    @Test
    void aHostThatContainersNeedToPassOnGoesOnPassingOn() throws Exception {
        there("sh", "-c", "echo 0 >/proc/sys/net/ipv4/ip_forward");
        there("sh", "-c", String.join(" ", tiny("plan", "--as", "shell", "--userns=host", "--net", "isolated",
                "--rootfs", directory.resolve("rootfs").toString(), "cat", ">" + directory.resolve("by-hand.sh"))));
        Process script = byHand();
        there(tiny("run", "-d", "--net", "isolated", "--rootfs", directory.resolve("rootfs").toString(), "sleep", "1000"));
        assertThat(script.isAlive()).isTrue();
        assertThat(Tiny.finish(script)).extracting(Tiny.Result::status).isEqualTo(0);
        assertThat(forward()).as("after the script").isEqualTo("1");
        unlearn();
        assertThat(forward()).as("after the lesson").isEqualTo("1");

        there("sh", "-c", Tiny.HOME.resolve("tiny") + " rm -f $(" + Tiny.HOME.resolve("tiny") + " ps -q)");
        // It stays for 5 s.
        Awaitility.await().atMost(Duration.ofSeconds(30))
                .until(() -> there("ip", "-o", "link", "show", "type", "bridge").isEmpty());
        unlearn();
        assertThat(forward()).as("without containers").isEqualTo("0");
        Tiny.finish(byHand());
        assertThat(forward()).as("after a script alone").isEqualTo("0");
    }

    /** A container by hand, which waits for the end of its input. */
    private Process byHand() throws IOException {
        Process script = tiny.start(List.of("nsenter", "--net=/proc/" + other.pid() + "/ns/net", "sh",
                directory.resolve("by-hand.sh").toString()));
        Awaitility.await().until(() -> forward().equals("1"));
        return script;
    }

    /** The clean-up of the lesson that made this host pass packets on. */
    private void unlearn() throws IOException {
        Path file = Files.writeString(directory.resolve("forward"), "0\n");
        for (String command : Course.lessons().get(6).cleanup()) {
            there("sh", "-c", "L=" + file.getParent() + " N=tdnone; { " + command + "; } 2>/dev/null || :");
        }
    }

    private String forward() throws IOException {
        return there("cat", "/proc/sys/net/ipv4/ip_forward").getFirst();
    }

    /** Whom the filter of somebody else keeps from seeing what the lesson promises is told where to look. */
    @Test
    void aLessonThatAChainIsInTheWayOfSaysSo() throws IOException {
        there("nft", "add table ip other; add chain ip other forward { type filter hook forward priority 0; policy drop; }");
        Tiny.Result lesson = Tiny.finish(tiny.start(Stream.concat(Stream.of("nsenter", "--net=/proc/" + other.pid()
                + "/ns/net"), Stream.of(tiny("lesson", "7"))).toList()));
        assertThat(lesson.out()).contains("(not seen: a line with 1 packets received)", "stopped at step 6 of 6")
                .containsPattern("'nft list chains' shows it, with 'hook forward' and 'policy drop'");
        assertThat(there("nft", "list", "chains")).anyMatch(line -> line.contains("hook forward")
                && line.contains("policy drop"));
    }

    private List<String> chains(String network) throws IOException {
        return run(network, "true").stream().filter(line -> line.contains("the packet filter's chain ")).toList();
    }

    private List<String> run(String network, String... command) throws IOException {
        return there(Stream.concat(Stream.of(tiny("run", "--rm", "--net", network, "--rootfs",
                directory.resolve("rootfs").toString())), Stream.of(command)).toArray(String[]::new));
    }

    private static String[] tiny(String... words) {
        return Stream.concat(Stream.of(Tiny.HOME.resolve("tiny").toString()), Stream.of(words)).toArray(String[]::new);
    }

    /** Runs a program on that host. @return all that it has said, errors too */
    private List<String> there(String... command) throws IOException {
        Tiny.Result result = Tiny.finish(tiny.start(Stream.concat(Stream.of("nsenter", "--net=/proc/" + other.pid()
                + "/ns/net"), Stream.of(command)).toList()));
        assertThat(result.status()).as(result.err()).isZero();
        return Stream.concat(result.out().lines(), result.err().lines()).toList();
    }
}
