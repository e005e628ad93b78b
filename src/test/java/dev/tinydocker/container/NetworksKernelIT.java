package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.network.Driver;
import dev.tinydocker.network.Endpoint;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NameWish;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkParser;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.Networks;
import dev.tinydocker.network.PortParser;
import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.OutsideHost;
import dev.tinydocker.support.RecordingStdio;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Networks that users make: what is kept apart, what leads out of them and in, and who comes and goes. */
class NetworksKernelIT extends NetworkedEngine {

    private static final Consumer<NetworkParser> PLAIN = _ -> { };

    private Networks networks;

    @Override
    void open() {
        super.open();
        networks = context.getBean(Networks.class);
    }

    @Test
    void onDifferentNetworksContainersDoNotReachEachOther() throws IOException {
        create("front", false, PLAIN);
        create("back", false, PLAIN);
        Lease server = server("web", "front");
        String rules = rules();
        assertThat(run("front", OutsideHost.ask(address(server), 80))).contains(".");
        assertThat(run("back", OutsideHost.ask(address(server), 80))).isBlank();
        assertThat(run("isolated", OutsideHost.ask(address(server), 80))).isBlank();
        assertThat(rules()).as("rules for three networks").isEqualTo(rules);
        containers.run(spec("both", wish(List.of(), "back", "front"), "sleep", "60"), null, _ -> { });
        assertThat(exec("both", OutsideHost.ask(address(server), 80))).contains(".");
        assertThat(containers.leases("both")).extracting(Lease::position).containsExactly(0, 1);
        assertThatThrownBy(() -> networks.remove("front")).isInstanceOf(Conflict.class)
                .hasMessageContaining("in use by '").hasMessageContaining("'web'");
    }

    @Test
    void nothingGoesIntoAnInternalNetworkOrOut() throws IOException {
        create("inner", true, PLAIN);
        Lease server = server("web", "inner");
        containers.run(spec("port", wish(List.of("18080:80"), "isolated"), "httpd", "-f", "-p", "80", "-h", "/pages"),
                null, _ -> { });
        assertThat(run("inner", OutsideHost.ask(address(server), 80))).contains(".");
        assertThat(exec("web", "ip", "route")).doesNotContain("default");
        try (OutsideHost outside = outside()) {
            // With more privileges than a container has: a way is taken that nobody gave.
            inside("web", "ip", "route", "add", "default", "via", gateway(server));
            assertThat(inside("web", OutsideHost.ask(OutsideHost.ADDRESS, 80))).as("out").isBlank();
            assertThat(inside("web", OutsideHost.ask(OutsideHost.OURS, 18080))).as("a published port").isBlank();
            assertThat(inside("web", "sh", "-c", "busybox ping -c 1 -W 1 " + OutsideHost.OURS + " || echo none"))
                    .as("another address of this host").endsWith("none\n");
            outside.run("ip", "route", "add", "default", "via", OutsideHost.OURS);
            assertThat(outside.run(OutsideHost.ask(address(server), 80))).as("in").isBlank();
            assertThat(outside.run(OutsideHost.ask(OutsideHost.OURS, 18080))).as("the others").contains(".");
        }
    }

    @Test
    void withIpv6BothKindsLeadOutAndIn() throws IOException {
        create("six", false, parser -> parser.subnet("fd00:231::/64"));
        try (OutsideHost outside = outside()) {
            Commands.run("ip", "addr", "add", "2001:db8:1::1/64", "dev", OutsideHost.LINK, "nodad");
            outside.run("ip", "addr", "add", "2001:db8:1::2/64", "dev", "eth0", "nodad");
            containers.run(spec("web", wish(List.of("18080:80", "[2001:db8:1::1]:18081:80"), "six"), "httpd", "-f", "-p",
                    "80", "-h", "/pages"), null, _ -> { });
            Lease server = containers.leases("web").getFirst();
            String address = String.valueOf(server.address6());
            assertThat(exec("web", "ip", "-6", "addr", "show", "dev", "eth0")).contains("inet6 " + address + "/64")
                    .contains("inet6 fe80::").doesNotContain("tentative");
            awaitAnswer(address);
            assertThat(run("six", ask6(address, 80))).as("a neighbour").contains("fd00:231::");
            assertThat(run("six", ask6("2001:db8:1::2", 80))).as("out").contains("2001:db8:1::1");
            assertThat(outside.run(ask6("2001:db8:1::1", 18080))).as("in").contains("2001:db8:1::2");
            assertThat(outside.run(ask6("2001:db8:1::1", 18081))).as("in by one address").contains("2001:db8:1::2");
            assertThat(outside.run(OutsideHost.ask(OutsideHost.OURS, 18081))).as("not by others").isBlank();
            assertThat(Commands.run(ask6("2001:db8:1::1", 18080))).as("from this host").contains(":");
            assertThat(exec("web", ask6("2001:db8:1::1", 18080))).as("from itself").contains("fd00:231::1");
            assertThat(outside.run(OutsideHost.ask(OutsideHost.OURS, 18080))).isEqualTo(OutsideHost.ADDRESS + "\n");
            outside.run("ip", "-6", "route", "add", "default", "via", "2001:db8:1::1");
            assertThat(outside.run(ask6(address, 80))).as("past the port").isBlank();
        }
    }

    @Test
    void aPortOfOneKindIsNotReachedByTheOther() throws IOException {
        create("six", false, parser -> parser.subnet("fd00:231::/64"));
        try (OutsideHost outside = outside()) {
            Commands.run("ip", "addr", "add", "2001:db8:1::1/64", "dev", OutsideHost.LINK, "nodad");
            outside.run("ip", "addr", "add", "2001:db8:1::2/64", "dev", "eth0", "nodad");
            containers.run(spec("web", wish(List.of("0.0.0.0:18080:80", "[::]:18081:80", "18082:80"), "six"), "httpd",
                    "-f", "-p", "80", "-h", "/pages"), null, _ -> { });
            awaitAnswer(String.valueOf(containers.leases("web").getFirst().address6()));
            assertThat(containers.ports("web")).extracting(PublishedPort::outside).containsExactly("0.0.0.0:18080",
                    "0.0.0.0:18082", "[::]:18081", "[::]:18082");
            assertThat(outside.run(OutsideHost.ask(OutsideHost.OURS, 18080))).isEqualTo(OutsideHost.ADDRESS + "\n");
            assertThat(outside.run(ask6("2001:db8:1::1", 18080))).isBlank();
            assertThat(outside.run(ask6("2001:db8:1::1", 18081))).contains("2001:db8:1::2");
            assertThat(outside.run(OutsideHost.ask(OutsideHost.OURS, 18081))).isBlank();
            assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18081))).isBlank();
            assertThat(Commands.run(ask6("::1", 18080))).isBlank();
            assertThat(Commands.run(ask6("::1", 18081))).as("relayed").contains("fd00:231::1");
            assertThat(Commands.run(ask6("::1", 18082))).as("of both kinds").contains("fd00:231::1");
        }
    }

    @Test
    void aPortOfIpv6LeadsToAContainerThatHasNone() throws IOException {
        create("four", false, PLAIN);
        try (OutsideHost outside = outside()) {
            Commands.run("ip", "addr", "add", "2001:db8:1::1/64", "dev", OutsideHost.LINK, "nodad");
            outside.run("ip", "addr", "add", "2001:db8:1::2/64", "dev", "eth0", "nodad");
            containers.run(spec("web", wish(List.of("[::]:18080:80", "[::1]:18081:80", "18082:80"), "four"), "httpd",
                    "-f", "-p", "80", "-h", "/pages"), null, _ -> { });
            Lease server = containers.leases("web").getFirst();
            awaitAnswer(address(server));
            assertThat(outside.run(ask6("2001:db8:1::1", 18080))).contains(gateway(server).replace(".", ""));
            assertThat(outside.run(OutsideHost.ask(OutsideHost.OURS, 18080))).as("not by IPv4").isBlank();
            assertThat(Commands.run(ask6("::1", 18081))).contains(gateway(server).replace(".", ""));
            assertThat(outside.run(ask6("2001:db8:1::1", 18081))).as("of lo alone").isBlank();
            assertThat(Commands.run(ask6("::1", 18082))).as("where nobody asked for IPv6").isBlank();
        }
    }

    @Test
    void datagramsOfIpv6ThatGoOnFindTheNextContainerThatHasThePort() throws IOException {
        create("six", false, parser -> parser.subnet("fd00:231::/64"));
        try (OutsideHost outside = outside()) {
            assertThat(outside.run("true")).isEmpty();
            Commands.run("ip", "addr", "add", "2001:db8:1::1/64", "dev", OutsideHost.LINK, "nodad");
            datagramsGoOn("2001:db8:1::1", name -> containers.run(spec(name, wish(List.of("18080:7/udp"), "six"),
                    "sleep", "60"), null, _ -> { }));
        }
    }

    @Test
    void onAMacvlanTheyAreHostsBesideThisOne() throws IOException {
        try (OutsideHost outside = outside()) {
            NetworkParser parser = new NetworkParser("lan", Driver.MACVLAN);
            parser.subnet("198.51.100.0/24");
            parser.gateway("198.51.100.254");
            parser.range("198.51.100.64/28");
            parser.option("parent=" + OutsideHost.LINK);
            networks.create(parser.wish(false, false));
            assertThat(run("lan", OutsideHost.ask(OutsideHost.ADDRESS, 80))).startsWith("198.51.100.");
            containers.run(spec("web", wish(List.of(), "lan"), "httpd", "-f", "-p", "80", "-h", "/pages"), null,
                    _ -> { });
            String address = address(containers.leases("web").getFirst());
            Awaitility.await().until(() -> outside.run(OutsideHost.ask(address, 80)).equals(OutsideHost.ADDRESS + "\n"));
            assertThat(exec("web", "ip", "route")).contains("default via 198.51.100.254 dev eth0");
            connections().connect(containers.inspect("web"), Endpoint.of("isolated"), _ -> { });
            connections().disconnect(containers.inspect("web"), "lan");
            assertThat(exec("web", "ip", "-4", "addr")).doesNotContain("198.51.100.").contains("eth1");
        }
    }

    @Test
    void whoRunsComesAndGoesAndItsPortsGoWithIt() throws IOException {
        create("front", false, PLAIN);
        create("back", false, PLAIN);
        containers.run(spec("web", wish(List.of("18080:80"), "front"), "httpd", "-f", "-p", "80", "-h", "/pages"),
                null, _ -> { });
        awaitAnswer("127.0.0.1", 18080);
        connections().connect(containers.inspect("web"), Endpoint.of("back"), _ -> { });
        Lease second = containers.leases("web").getLast();
        assertThat(run("back", OutsideHost.ask(address(second), 80))).contains(".");
        connections().disconnect(containers.inspect("web"), "front");
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isEqualTo(gateway(second) + "\n");
        assertThat(exec("web", "ip", "route")).contains("default via " + gateway(second) + " dev eth1");
        connections().disconnect(containers.inspect("web"), "back");
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isBlank();
        assertThat(count("lease") + count("published_port")).isZero();
        connections().connect(containers.inspect("web"), Endpoint.of("front"), _ -> { });
        awaitAnswer("127.0.0.1", 18080);
        assertThatThrownBy(() -> connections().connect(containers.inspect("web"), Endpoint.of("front"), _ -> { }))
                .isInstanceOf(Conflict.class);
    }

    @Test
    void theNextEngineFindsEveryNetworkAndTakesBackWhatIsOfNone() throws IOException {
        create("front", false, PLAIN);
        create("back", false, PLAIN);
        Lease front = server("web", "front");
        Lease back = server("db", "back");
        String kept = context.getBean(JdbcTemplate.class).queryForObject("SELECT spec FROM container WHERE name = 'web'",
                String.class);
        connections().connect(containers.inspect("web"), Endpoint.of("back"), _ -> { });
        // As a kill in the middle of it leaves it.
        context.getBean(JdbcTemplate.class).update("UPDATE container SET spec = ? WHERE name = 'web'", kept);
        leaveToTheNextEngine();
        Commands.run("ip", "link", "delete", front.network().link());
        Commands.run("nft", "delete", "table", "inet", EngineRooms.bridge(root));
        open();
        context.getBean(Reconciler.class).reconcile();
        assertThat(containers.leases("web")).hasSize(1);
        assertThat(exec("web", "ip", "link")).doesNotContain("eth1");
        assertThat(Commands.run(OutsideHost.ask(address(front), 80))).contains(".");
        assertThat(Commands.run(OutsideHost.ask(address(back), 80))).contains(".");
        assertThat(run("front", OutsideHost.ask(address(back), 80))).isBlank();
        assertThat(run("front", OutsideHost.ask(address(front), 80))).contains(".");
    }

    @Test
    void otherNamesAreAskedOfAServerOnThisHostsLo() throws Exception {
        create("front", false, PLAIN);
        create("inner", true, PLAIN);
        Thread answers;
        try (DatagramSocket server = new DatagramSocket(53, InetAddress.ofLiteral("127.0.0.9"))) {
            answers = Thread.ofVirtual().start(() -> answer(server));
            assertThat(lookUp("front")).contains("Address: 192.0.2.77");
            assertThat(lookUp("inner")).as("where there is no way out").contains("SERVFAIL");
        }
        answers.join();
        assertThat(lookUp("front")).as("remembered").contains("Address: 192.0.2.77");
    }

    @Test
    void whoGoesOnAskingForNamesIsAnsweredByTheNextEngine() throws Exception {
        create("front", false, PLAIN);
        Lease web = server("web", "front");
        Process asker = new ProcessBuilder("nsenter", "--net=/proc/" + containers.inspect("web").pid() + "/ns/net", "bash",
                "-c", "exec 3<>/dev/udp/" + gateway(web) + "/53; while read -r seconds; do printf "
                        + "'\\0\\7\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\3web\\0\\0\\1\\0\\1' >&3; "
                        + "timeout $seconds head -c 1 <&3 | wc -c; done").start();
        try (BufferedReader answers = asker.inputReader(); BufferedWriter ask = asker.outputWriter()) {
            assertThat(bytesOfAnAnswer(ask, answers, 10)).isEqualTo("1");
            leaveToTheNextEngine();
            assertThat(bytesOfAnAnswer(ask, answers, 1)).as("without an engine").isEqualTo("0");
            open();
            context.getBean(Reconciler.class).reconcile();
            Awaitility.await().until(() -> bytesOfAnAnswer(ask, answers, 1).equals("1"));
        } finally {
            asker.destroyForcibly();
        }
    }

    /** @param seconds for how long an answer is waited for: one that comes later is taken for the next one */
    private static String bytesOfAnAnswer(BufferedWriter ask, BufferedReader answers, int seconds) throws IOException {
        ask.write(seconds + "\n");
        ask.flush();
        return answers.readLine();
    }

    private String lookUp(String network) {
        NetworkWish wish = new NetworkWish(NetworkMode.ISOLATED, List.of(), List.of(), false,
                new NameWish(List.of("127.0.0.9"), List.of(), List.of(), List.of()), List.of(Endpoint.of(network)));
        RecordingStdio user = new RecordingStdio();
        Attachment ended = containers.run(spec(null, wish, "nslookup", "-type=a", "host.test"), user, _ -> { });
        ended.status().join();
        containers.remove(ended.id(), true);
        return user.out() + user.err();
    }

    /** Answers every question, until its socket is closed. */
    private static void answer(DatagramSocket server) {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        try {
            while (true) {
                packet.setLength(512);
                server.receive(packet);
                Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                Message answer = new Message(query.getHeader().getID());
                answer.getHeader().setFlag(Flags.QR);
                answer.addRecord(query.getQuestion(), Section.QUESTION);
                answer.addRecord(new ARecord(query.getQuestion().getName(), DClass.IN, 60,
                        InetAddress.ofLiteral("192.0.2.77")), Section.ANSWER);
                byte[] bytes = answer.toWire();
                server.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            assertThat(server.isClosed()).isTrue();
        }
    }

    @Test
    void aSubnetOfIpv6ThatThisHostIsInIsRefused() throws IOException {
        Commands.run("ip", "link", "add", "tdsix", "type", "bridge");
        try {
            Commands.run("ip", "addr", "add", "2001:db8:77::1/64", "dev", "tdsix", "nodad");
            assertThatThrownBy(() -> create("six", false, parser -> parser.subnet("2001:db8:77::/56")))
                    .isInstanceOf(Conflict.class).hasMessageContaining("this host uses 2001:db8:77::/64");
        } finally {
            Commands.run("ip", "link", "delete", "tdsix");
        }
        create("six", false, parser -> parser.subnet("2001:db8:77::/56"));
    }

    @Test
    void aNetworkWithoutAddressesLeftSaysSo() {
        create("tiny", false, parser -> parser.subnet("10.231.20.0/30"));
        Lease only = server("web", "tiny");
        assertThat(address(only)).isEqualTo("10.231.20.2");
        // Again and again: it is known so soon that the shim is still being started.
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> run("tiny", "true")).isInstanceOf(HostLacks.class)
                    .hasMessageContaining("all addresses of 10.231.20.0/30 are taken");
        }
        assertThat(containers.list()).hasSize(1);
    }

    @Test
    void whatAContainerThatHasJustEndedHadIsFree() {
        Endpoint asked = Endpoint.of("brief").with(Ipv4.parse("10.231.21.7"));
        NetworkWish wish = wish(List.of("18080:80"), "brief").in(List.of(asked));
        for (int i = 0; i < 5; i++) {
            create("brief", false, parser -> parser.subnet("10.231.21.0/24"));
            for (int j = 0; j < 2; j++) {
                containers.run(spec(null, wish, "true"), new RecordingStdio(), _ -> { }).status().join();
            }
            networks.remove("brief");
        }
    }

    private void create(String name, boolean internal, Consumer<NetworkParser> more) {
        NetworkParser parser = new NetworkParser(name, Driver.BRIDGE);
        more.accept(parser);
        networks.create(parser.wish(internal, false));
    }

    private Connections connections() {
        return context.getBean(Connections.class);
    }

    private OutsideHost outside() throws IOException {
        return new OutsideHost(Files.createDirectory(root.resolve("outside")));
    }

    private String rules() throws IOException {
        return Commands.run("nft", "list", "chain", "inet", EngineRooms.bridge(root), "forward");
    }

    private static String address(Lease lease) {
        return lease.address().toString();
    }

    private static String gateway(Lease lease) {
        return lease.gateway().toString();
    }

    /** The same as {@link OutsideHost#ask}, for addresses with colons. */
    private static String[] ask6(String address, int port) {
        return new String[] { "sh", "-c", "printf 'GET /cgi-bin/who HTTP/1.0\\r\\n\\r\\n' | busybox nc -w 2 " + address
                + " " + port + " 2>/dev/null | tail -n 1 | sed -E 's/[^0-9a-f:]//g'" };
    }

    private static void awaitAnswer(String address) {
        Awaitility.await().until(() -> Commands.run(ask6(address, 80)).contains(":"));
    }

    private static void awaitAnswer(String address, int port) {
        Awaitility.await().until(() -> Commands.run(OutsideHost.ask(address, port)).contains("."));
    }

    private Lease server(String name, String network) {
        containers.run(spec(name, wish(List.of(), network), "httpd", "-f", "-p", "80", "-h", "/pages"), null, _ -> { });
        Lease lease = containers.leases(name).getFirst();
        awaitAnswer(address(lease), 80);
        return lease;
    }

    private String run(String network, String... command) {
        RecordingStdio user = new RecordingStdio();
        Attachment ended = containers.run(spec(null, wish(List.of(), network), command), user, _ -> { });
        ended.status().join();
        containers.remove(ended.id(), true);
        return user.out();
    }

    private static NetworkWish wish(List<String> ports, String... names) {
        return new NetworkWish(NetworkMode.ISOLATED, ports.stream()
                .flatMap(port -> PortParser.publish(port).stream()).toList(), List.of(), false, NameWish.NONE,
                Stream.of(names).map(Endpoint::of).toList());
    }
}
