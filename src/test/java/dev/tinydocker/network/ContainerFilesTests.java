package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.linux.Subnet;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

class ContainerFilesTests {

    private static final Path RUN = Path.of("/run/x");

    @TempDir
    Path etc;

    private Map<Path, String> files(NetworkMode mode, boolean ipv6) {
        return new ContainerFiles(etc, etc.resolve("upstream"), ipv6).files(RUN, "web", NetworkWish.of(mode), List.of(),
                        NetworkNames::has, 0)
                .stream()
                .map(HostStep.WriteFile.class::cast)
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
        assertThat(new ContainerFiles(etc, etc, true).binds(RUN, false)).hasSize(3).allSatisfy(step -> {
            ShimStep.BindIn bind = (ShimStep.BindIn) step;
            assertThat(bind.make()).isEqualTo(MountPoint.FILE);
            assertThat(bind.source()).startsWith("/run/x/");
            assertThat(bind.target()).isEqualTo("/etc/" + Path.of(bind.source()).getFileName());
        });
    }

    @Test
    void theFilesAreReadOnlyWhereTheRootIs() {
        assertThat(new ContainerFiles(etc, etc, true).binds(RUN, true)).hasSize(3).allSatisfy(step ->
                assertThat(((ShimStep.BindIn) step).attributes()).isEqualTo(MountFlags.MOUNT_ATTR_RDONLY));
    }

    @Test
    void aConnectedContainerFindsItsOwnName() {
        Lease lease = SampleNetwork.lease("web", "10.1.0.2");
        HostStep.WriteFile hosts = (HostStep.WriteFile) new ContainerFiles(etc, etc, false)
                .files(RUN, "web", NetworkWish.of(NetworkMode.ISOLATED), List.of(lease), NetworkNames::has, 0).getFirst();
        assertThat(new String(hosts.content(), StandardCharsets.UTF_8))
                .isEqualTo("127.0.0.1\tlocalhost\n10.1.0.2\tweb\n");
    }

    @Test
    void theAddressesThatTheHostAsksAreKnown() throws IOException {
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 127.0.0.53\nnameserver fd00::1\nnameserver x\n");
        Files.writeString(etc.resolve("upstream"), "nameserver 172.20.0.10\n");
        assertThat(new ContainerFiles(etc, etc.resolve("upstream"), true).askedByHost()).extracting(Subnet::toString)
                .containsExactly("127.0.0.53/32", "172.20.0.10/32");
    }

    @Test
    void withIpv6ItFindsItsOwnNameByBothKinds() {
        Lease lease = new Lease(SampleNetwork.NETWORK, "c", 0, Ipv4.parse("10.1.0.2"), Ipv6.parse("fd00:1::2"), null, 1,
                List.of("web"));
        HostStep.WriteFile hosts = (HostStep.WriteFile) new ContainerFiles(etc, etc, false)
                .files(RUN, "web", NetworkWish.of(NetworkMode.ISOLATED), List.of(lease), NetworkNames::has, 0).getFirst();
        assertThat(new String(hosts.content(), StandardCharsets.UTF_8)).endsWith("10.1.0.2\tweb\nfd00:1::2\tweb\n");
    }

    @Test
    void whereTheHostAsksAStubOnItsOwnLoTheContainerAsksTheServersBehindIt() throws IOException {
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 127.0.0.53\nsearch lan\n");
        assertThat(files(NetworkMode.ISOLATED, true).get(RUN.resolve("resolv.conf"))).isEqualTo("search lan\n");
        assertThat(new ContainerFiles(etc, etc.resolve("upstream"), true).hasServers()).isFalse();

        Files.writeString(etc.resolve("upstream"), "nameserver 192.0.2.53\nsearch lan\n");
        assertThat(files(NetworkMode.ISOLATED, true).get(RUN.resolve("resolv.conf")))
                .isEqualTo("nameserver 192.0.2.53\nsearch lan\n");
        assertThat(new ContainerFiles(etc, etc.resolve("upstream"), true).hasServers()).isTrue();
    }

    @Test
    void whatIsAskedTakesThePlaceOfWhatTheHostHas() throws IOException {
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 192.0.2.1\nsearch lan\noptions edns0\n# end\n");
        NameWish names = new NameWish(List.of("192.0.2.53", "2001:db8::53"), List.of("a.test", "b.test"),
                List.of("ndots:2"), List.of(NameWish.Host.parse("db:192.0.2.7"),
                NameWish.Host.parse("here=host-gateway")));
        NetworkWish wish = new NetworkWish(NetworkMode.ISOLATED, List.of(), List.of(), false, names, null);
        Lease lease = new Lease(SampleNetwork.of(Network.DEFAULT, false), "c", 0, Ipv4.parse("10.1.0.2"), null, null, 1,
                List.of("web"));

        List<String> files = new ContainerFiles(etc, etc, false).files(RUN, "web", wish, List.of(lease), NetworkNames::has, 0).stream()
                .map(file -> new String(((HostStep.WriteFile) file).content(), StandardCharsets.UTF_8)).toList();

        assertThat(files.getFirst()).isEqualTo("127.0.0.1\tlocalhost\n192.0.2.7\tdb\n10.1.0.1\there\n10.1.0.2\tweb\n");
        assertThat(files.getLast()).isEqualTo("# end\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n"
                + "search a.test b.test\noptions ndots:2\n");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> new ContainerFiles(etc, etc, false)
                .files(RUN, "web", wish, List.of(), NetworkNames::has, 0)).withMessageContaining("'here'");
        NetworkWish onHost = new NetworkWish(NetworkMode.HOST, List.of(), List.of(), false, names, null);
        assertThat(new String(((HostStep.WriteFile) new ContainerFiles(etc, etc, false).files(RUN, "web", onHost, List.of(),
                NetworkNames::has, 0).getFirst()).content(), StandardCharsets.UTF_8)).endsWith("127.0.0.1\there\n");
    }

    @Test
    void onANetworkWithNamesTheEngineIsAskedWhoeverElseIsToBe() throws IOException {
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 127.0.0.53\nsearch lan\noptions edns0\n");
        NameWish names = new NameWish(List.of("192.0.2.53"), List.of(), List.of(), List.of());
        assertThat(resolvConf(NameWish.NONE)).isEqualTo(
                "search lan\noptions edns0\nnameserver 10.1.0.1\noptions ndots:0\n");
        assertThat(resolvConf(names)).isEqualTo(resolvConf(NameWish.NONE));
        assertThat(resolvConf(new NameWish(List.of(), List.of("a.test"), List.of("ndots:3"), List.of())))
                .isEqualTo("nameserver 10.1.0.1\nsearch a.test\noptions ndots:3\n");
    }

    @Test
    void onTheDefaultNetworkTheEngineIsAskedWhereTheHostAsksItselfAndNobodyElseWasNamed() throws IOException {
        ContainerFiles files = new ContainerFiles(etc, etc.resolve("upstream"), false);
        assertThat(files.asksItself()).as("asks nobody").isFalse();
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 127.0.0.1\nsearch lan\n");
        assertThat(files.asksItself()).isTrue();
        Lease lease = new Lease(SampleNetwork.of(Network.DEFAULT, false), "c", 0, Ipv4.parse("10.1.0.2"), null, null, 1,
                List.of("web"));
        assertThat(resolvConf(files, NameWish.NONE, lease)).isEqualTo("search lan\nnameserver 10.1.0.1\n");
        assertThat(resolvConf(files, new NameWish(List.of("192.0.2.53"), List.of(), List.of(), List.of()), lease))
                .isEqualTo("search lan\nnameserver 192.0.2.53\n");
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 2001:db8::53\nsearch lan\n");
        assertThat(files.asksItself()).as("asks by IPv6").isTrue();
        assertThat(resolvConf(files, NameWish.NONE, lease)).isEqualTo("search lan\nnameserver 10.1.0.1\n");
        Files.writeString(etc.resolve("upstream"), "nameserver 192.0.2.53\n");
        assertThat(files.asksItself()).as("says whom it asks").isFalse();
    }

    private static String resolvConf(ContainerFiles files, NameWish names, Lease lease) {
        NetworkWish wish = new NetworkWish(NetworkMode.ISOLATED, List.of(), List.of(), false, names, null);
        return new String(((HostStep.WriteFile) files.files(RUN, "web", wish, List.of(lease), _ -> true, 0).getLast())
                .content(), StandardCharsets.UTF_8);
    }

    private String resolvConf(NameWish names) {
        NetworkWish wish = new NetworkWish(NetworkMode.ISOLATED, List.of(), List.of(), false, names, null);
        return new String(((HostStep.WriteFile) new ContainerFiles(etc, etc, false).files(RUN, "web", wish,
                List.of(SampleNetwork.lease("web", "10.1.0.2")), NetworkNames::has, 0).getLast()).content(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsNoNameOrAddressIsRefused() {
        for (String word : List.of("db", "db:", ":192.0.2.7", "a b:192.0.2.7", "db:x", "db\n:192.0.2.7",
                "db:1.2.3.4\n")) {
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> NameWish.Host.parse(word));
        }
        assertThat(NameWish.Host.parse("db:2001:db8::7").address()).isEqualTo("2001:db8::7");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> NameWish.server("ns.test"));
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> NameWish.domain("a b"));
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> NameWish.option("ndots:2\nx"));
        assertThat(NameWish.domain(".")).isEqualTo(".");
    }
}
