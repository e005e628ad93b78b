package dev.tinydocker.network;

import dev.tinydocker.linux.HostText;
import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Subnet;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The three files that tell a container of the network: hosts, hostname and resolv.conf. */
@Component
class ContainerFiles {

    private static final int MODE = 0644;
    static final String HOSTS = "hosts";
    private static final String HOSTNAME = "hostname";
    static final String RESOLV_CONF = "resolv.conf";

    private static final String LOCALHOST = "127.0.0.1\tlocalhost\n";
    private static final String LOCALHOST_6 = """
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::\tip6-localnet
            ff00::\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters
            """;

    /**
     * A name server on the host's own lo, as systemd-resolved is; a container with a network of its own does not reach
     * it.
     */
    private static final Pattern LOCAL_SERVER = Pattern.compile("\\s*nameserver\\s+(127\\.|::1\\b).*");
    /** One that takes IPv6. */
    private static final Pattern SERVER_6 = Pattern.compile("\\s*nameserver\\s+\\S*:.*");

    /** More than these a C library does not ask. */
    private static final int MOST_SERVERS = 3;

    /** A name without a dot is looked up as it is before domains are searched for it: containers have such names. */
    private static final String AS_IT_IS = "options ndots:0\n";

    private static final Pattern SERVER = Pattern.compile("\\s*nameserver\\s+\\S+.*");

    private final Path etc;
    private final Path behindStub;
    private final boolean ipv6;

    @Autowired
    ContainerFiles() {
        this(Path.of("/etc"), Path.of("/run/systemd/resolve/resolv.conf"), hostHasIpv6());
    }

    ContainerFiles(Path etc, Path behindStub, boolean ipv6) {
        this.etc = etc;
        this.behindStub = behindStub;
        this.ipv6 = ipv6;
    }

    static boolean hostHasIpv6() {
        return Files.exists(Path.of("/proc/net/if_inet6"));
    }

    /**
     * Writes them into the container's run directory.
     *
     * @param answered the networks in which this engine is asked for names
     */
    List<HostStep> files(Path directory, String hostname, NetworkWish wish, List<Lease> leases,
            Predicate<Network> answered, int owner) {
        boolean own = wish.mode().isOwn();
        String hosts = (own ? LOCALHOST + (ipv6 ? LOCALHOST_6 : "") : host(HOSTS)) + hosts(wish, leases)
                + leases.stream().map(lease -> own(lease, hostname)).collect(Collectors.joining());
        List<HostStep> steps = new ArrayList<>();
        write(steps, directory.resolve(HOSTS), hosts, owner, "so that localhost has an address");
        write(steps, directory.resolve(HOSTNAME), hostname + "\n", owner, "so that the container finds its name");
        write(steps, directory.resolve(RESOLV_CONF), servers(wish, leases, answered), owner,
                gateways(wish, leases, answered).isEmpty() ? "so that names are asked where the host asks"
                : "so that names are asked of the engine, which knows containers");
        return steps;
    }

    /** The addresses of this engine that a container is to ask. */
    private static List<String> gateways(NetworkWish wish, List<Lease> leases, Predicate<Network> answered) {
        return leases.stream().filter(lease -> answered.test(lease.network()))
                .filter(lease -> NetworkNames.has(lease.network()) || wish.names().servers().isEmpty())
                .limit(MOST_SERVERS).map(lease -> lease.gateway().toString()).toList();
    }

    /** The text of resolv.conf(5). @param answered the networks in which this engine is asked for names */
    String servers(NetworkWish wish, List<Lease> leases, Predicate<Network> answered) {
        List<String> gateways = gateways(wish, leases, answered);
        if (gateways.isEmpty()) {
            return servers(wish.mode().isOwn() ? reachableServers(leases.isEmpty()
                    || leases.stream().anyMatch(lease -> lease.address6() != null)) : host(RESOLV_CONF), wish.names());
        }
        return servers(host(RESOLV_CONF), wish.names().askedOf(gateways)) + (wish.names().asksForDots()
                || leases.stream().map(Lease::network).noneMatch(NetworkNames::has) ? "" : AS_IT_IS);
    }

    /** The lines of /etc/hosts for the container itself. */
    static String own(Lease lease, String hostname) {
        return lease.address() + "\t" + hostname + "\n"
                + (lease.address6() == null ? "" : lease.address6() + "\t" + hostname + "\n");
    }

    private static void write(List<HostStep> steps, Path file, String text, int owner, String why) {
        steps.add(HostStep.WriteFile.text(file, text, why));
        if (owner != 0) {
            steps.add(new HostStep.Own(file, owner, owner, MODE, "so that its root may write to it"));
        }
    }

    private static String hosts(NetworkWish wish, List<Lease> leases) {
        StringBuilder lines = new StringBuilder();
        for (NameWish.Host host : wish.names().hosts()) {
            String address = host.address().equals(NameWish.GATEWAY) ? thisHost(host, wish, leases) : host.address();
            lines.append(address).append('\t').append(host.name()).append('\n');
        }
        return lines.toString();
    }

    private static String thisHost(NameWish.Host host, NetworkWish wish, List<Lease> leases) {
        if (!wish.mode().isOwn()) {
            return Ipv4.LOOPBACK.toString();
        }
        return leases.stream().filter(each -> each.network().driver() == Driver.BRIDGE).findFirst()
                .map(lease -> lease.gateway().toString())
                .orElseThrow(() -> new InvalidRequest("add the host '" + host.name() + "'",
                        "the container is connected to nothing that this host is the gateway of",
                        "add --net isolated, or give an address"));
    }

    /** A resolv.conf(5) with what was asked in the place of what it has of that kind. */
    private static String servers(String conf, NameWish names) {
        String rest = conf;
        StringBuilder asked = new StringBuilder();
        if (!names.servers().isEmpty()) {
            rest = without(rest, "nameserver");
            names.servers().forEach(server -> asked.append("nameserver ").append(server).append('\n'));
        }
        if (!names.search().isEmpty()) {
            rest = without(rest, "search|domain");
            if (!names.search().equals(List.of("."))) {
                asked.append("search ").append(String.join(" ", names.search())).append('\n');
            }
        }
        if (!names.options().isEmpty()) {
            rest = without(rest, "options");
            asked.append("options ").append(String.join(" ", names.options())).append('\n');
        }
        return rest + asked;
    }

    private static String without(String conf, String keywords) {
        return conf.lines().filter(line -> !line.strip().matches("(" + keywords + ")\\s.*")).map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    /** Shows these three files in the container, under /etc. It may write to them where its root is not read-only. */
    List<ShimStep> binds(Path directory, boolean readOnly) {
        return Stream.of(HOSTS, HOSTNAME, RESOLV_CONF).map(file -> bind(directory, file, readOnly)).toList();
    }

    private static ShimStep bind(Path directory, String file, boolean readOnly) {
        return new ShimStep.BindIn(readOnly ? MountFlags.MOUNT_ATTR_RDONLY : 0, false, MountPoint.FILE,
                MountFlags.MS_PRIVATE, directory.resolve(file).toString(), "/etc/" + file,
                "so that it is the container's own, whatever the image has there");
    }

    /** The addresses that this host asks for names, of IPv4: nobody else is to have one. */
    List<Subnet> askedByHost() {
        return (host(RESOLV_CONF) + (Files.exists(behindStub) ? read(behindStub) : "")).lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 1 && words[0].equals("nameserver") && !words[1].contains(":"))
                .flatMap(words -> address(words[1])).toList();
    }

    private static Stream<Subnet> address(String word) {
        try {
            return Stream.of(Subnet.parse(word + "/32"));
        } catch (IllegalArgumentException e) {
            // The C library passes over such a line too.
            return Stream.empty();
        }
    }

    /** Whether this host asks for names only whom containers do not reach, and does not say whom these ask. */
    boolean asksItself() {
        return !hasServers() && host(RESOLV_CONF).lines().anyMatch(line -> SERVER.matcher(line).matches());
    }

    /** Whether a connected container is told of any server it can ask. */
    boolean hasServers() {
        return reachableServers(false).lines().anyMatch(line -> SERVER.matcher(line).matches());
    }

    /**
     * The host's resolv.conf without servers on its own lo. Where these are all there are, what systemd-resolved itself
     * asks takes their place.
     *
     * @param with6 whether servers are reached by IPv6
     */
    private String reachableServers(boolean with6) {
        String conf = host(RESOLV_CONF);
        String reachable = reachable(conf, with6);
        boolean lost = !reachable.equals(conf) && reachable.lines().noneMatch(line -> SERVER.matcher(line).matches());
        return lost && Files.exists(behindStub) ? reachable(read(behindStub), with6) : reachable;
    }

    private static String reachable(String conf, boolean with6) {
        return conf.lines().filter(line -> !LOCAL_SERVER.matcher(line.toLowerCase(Locale.ROOT)).matches())
                .filter(line -> with6 || !SERVER_6.matcher(line).matches())
                .map(line -> line + "\n").collect(Collectors.joining());
    }

    /** The host's own file; a host without one passes on none. */
    private String host(String name) {
        Path file = etc.resolve(name);
        return Files.exists(file) ? read(file) : "";
    }

    private static String read(Path file) {
        try {
            return HostText.read(file);
        } catch (IOException e) {
            throw new SystemFailure("read '" + file + "'", String.valueOf(e.getMessage()), "", e);
        }
    }
}
