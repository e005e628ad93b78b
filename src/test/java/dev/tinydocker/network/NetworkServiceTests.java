package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

class NetworkServiceTests {

    private static final Path RUN = Path.of("/run/x");

    @TempDir
    Path etc;

    private Map<Path, String> files(NetworkMode mode, boolean ipv6) {
        return new NetworkService(etc, ipv6).files(RUN, "web", mode).stream().map(HostStep.WriteFile.class::cast)
                .collect(Collectors.toMap(HostStep.WriteFile::path,
                        file -> new String(file.content(), StandardCharsets.UTF_8)));
    }

    @Test
    void aContainerOfItsOwnKnowsLocalhostAndAsksServersItCanReach() throws IOException {
        Files.writeString(etc.resolve("hosts"), "10.0.0.1 secret\n");
        Files.writeString(etc.resolve("resolv.conf"), """
                # by hand
                search example.test
                nameserver 127.0.0.53
                nameserver ::1
                nameserver 192.0.2.1
                options edns0
                """);

        Map<Path, String> files = files(NetworkMode.NONE, true);

        assertThat(files.get(RUN.resolve("hosts")))
                .startsWith("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n")
                .doesNotContain("secret").endsWith("ff02::2\tip6-allrouters\n");
        assertThat(files.get(RUN.resolve("hostname"))).isEqualTo("web\n");
        assertThat(files.get(RUN.resolve("resolv.conf")))
                .isEqualTo("# by hand\nsearch example.test\nnameserver 192.0.2.1\noptions edns0\n");
    }

    @Test
    void withoutIpv6NoAddressOfItIsNamed() {
        assertThat(files(NetworkMode.NONE, false).get(RUN.resolve("hosts"))).isEqualTo("127.0.0.1\tlocalhost\n");
    }

    @Test
    void onTheHostsNetworkTheHostsFilesAreTheContainers() throws IOException {
        Files.writeString(etc.resolve("hosts"), "10.0.0.1 db\n");
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 127.0.0.53\n");

        Map<Path, String> files = files(NetworkMode.HOST, true);

        assertThat(files.get(RUN.resolve("hosts"))).isEqualTo("10.0.0.1 db\n");
        assertThat(files.get(RUN.resolve("resolv.conf"))).isEqualTo("nameserver 127.0.0.53\n");
    }

    @Test
    void aHostWithoutTheseFilesPassesOnNone() {
        assertThat(files(NetworkMode.HOST, true).get(RUN.resolve("resolv.conf"))).isEmpty();
    }

    @Test
    void theFilesAreShownUnderEtc() {
        assertThat(new NetworkService(etc, true).binds(RUN)).hasSize(3).allSatisfy(step -> {
            ShimStep.BindIn bind = (ShimStep.BindIn) step;
            assertThat(bind.make()).isEqualTo(MountPoint.FILE);
            assertThat(bind.source()).startsWith("/run/x/");
            assertThat(bind.target()).isEqualTo("/etc/" + Path.of(bind.source()).getFileName());
        });
    }

    @Test
    void loIsSetUpInANewNetworkOnly() {
        NetworkService network = new NetworkService(etc, true);
        assertThat(network.loopback(NetworkMode.HOST)).isEmpty();

        ShimStep.Netlink netlink = (ShimStep.Netlink) network.loopback(NetworkMode.NONE).getFirst();
        ByteBuffer message = ByteBuffer.wrap(netlink.messages()).order(ByteOrder.nativeOrder());
        assertThat(message.getInt(0)).isEqualTo(netlink.messages().length);
        assertThat(message.getShort(4)).as("RTM_NEWLINK").isEqualTo((short) 16);
        assertThat(message.getShort(6)).as("NLM_F_REQUEST|NLM_F_ACK").isEqualTo((short) 5);
        assertThat(message.getInt(20)).as("index").isEqualTo(1);
        assertThat(message.getInt(24)).as("IFF_UP").isEqualTo(1);
        assertThat(message.getInt(28)).as("change").isEqualTo(1);
    }

    @Test
    void anUnknownNetworkIsRefusedWithTheKnownOnes() {
        assertThat(NetworkMode.parse("none")).isEqualTo(NetworkMode.NONE);
        assertThat(NetworkMode.parse("host")).isEqualTo(NetworkMode.HOST);
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> NetworkMode.parse("bridge"))
                .satisfies(problem -> assertThat(problem.line()).contains("'bridge'").contains("'none' and 'host'"));
    }
}
