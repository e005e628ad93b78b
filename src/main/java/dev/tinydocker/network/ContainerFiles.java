package dev.tinydocker.network;

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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The three files that tell a container of the network: hosts, hostname and resolv.conf. */
@Component
class ContainerFiles {

    private static final int MODE = 0644;
    private static final String HOSTS = "hosts";
    private static final String HOSTNAME = "hostname";
    private static final String RESOLV_CONF = "resolv.conf";

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

    /** Writes them into the container's run directory. */
    List<HostStep> files(Path directory, String hostname, NetworkWish wish, List<Lease> leases, int owner) {
        boolean own = wish.mode().isOwn();
        String hosts = (own ? LOCALHOST + (ipv6 ? LOCALHOST_6 : "") : host(HOSTS)) + hosts(wish.names(), leases)
                + leases.stream().map(lease -> lease.address() + "\t" + hostname + "\n")
                        .collect(Collectors.joining());
        List<String> gateways = leases.stream().filter(lease -> NetworkNames.has(lease.network())).limit(MOST_SERVERS)
                .map(lease -> lease.gateway().toString()).toList();
        String servers = gateways.isEmpty() ? servers(own ? reachableServers() : host(RESOLV_CONF), wish.names())
                : servers(host(RESOLV_CONF), wish.names().askedOf(gateways))
                        + (wish.names().asksForDots() ? "" : AS_IT_IS);
        List<HostStep> steps = new ArrayList<>();
        write(steps, directory.resolve(HOSTS), hosts, owner, "so that localhost has an address");
        write(steps, directory.resolve(HOSTNAME), hostname + "\n", owner, "so that the container finds its name");
        write(steps, directory.resolve(RESOLV_CONF), servers, owner, gateways.isEmpty()
                ? "so that names are asked where the host asks"
                : "so that names are asked of the engine, which knows containers");
        return steps;
    }

    private static void write(List<HostStep> steps, Path file, String text, int owner, String why) {
        steps.add(HostStep.WriteFile.text(file, text, why));
        if (owner != 0) {
            steps.add(new HostStep.Own(file, owner, owner, MODE, "so that its root may write to it"));
        }
    }

    private static String hosts(NameWish names, List<Lease> leases) {
        StringBuilder lines = new StringBuilder();
        for (NameWish.Host host : names.hosts()) {
            String address = host.address();
            if (address.equals(NameWish.GATEWAY)) {
                Lease lease = leases.stream().filter(each -> each.network().driver() == Driver.BRIDGE).findFirst()
                        .orElse(null);
                if (lease == null) {
                    throw new InvalidRequest("add the host '" + host.name() + "'",
                            "the container is connected to nothing that this host is the gateway of",
                            "add --net isolated, or give an address");
                }
                address = lease.gateway().toString();
            }
            lines.append(address).append('\t').append(host.name()).append('\n');
        }
        return lines.toString();
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

    /** Shows these three files in the container, under /etc. It may write to them. */
    List<ShimStep> binds(Path directory) {
        return List.of(bind(directory, HOSTS), bind(directory, HOSTNAME), bind(directory, RESOLV_CONF));
    }

    private static ShimStep bind(Path directory, String file) {
        return new ShimStep.BindIn(0, false, MountPoint.FILE, MountFlags.MS_PRIVATE, directory.resolve(file).toString(),
                "/etc/" + file, "so that it is the container's own, whatever the image has there");
    }

    /** Whether a connected container is told of any server it can ask. */
    boolean hasServers() {
        return reachableServers().lines().anyMatch(line -> SERVER.matcher(line).matches());
    }

    /**
     * The host's resolv.conf without servers on its own lo. Where these are all there are, what systemd-resolved itself
     * asks takes their place.
     */
    private String reachableServers() {
        String conf = host(RESOLV_CONF);
        String reachable = withoutLocalServers(conf);
        boolean lost = !reachable.equals(conf) && reachable.lines().noneMatch(line -> SERVER.matcher(line).matches());
        return lost && Files.exists(behindStub) ? withoutLocalServers(read(behindStub)) : reachable;
    }

    private static String withoutLocalServers(String conf) {
        return conf.lines().filter(line -> !LOCAL_SERVER.matcher(line.toLowerCase(Locale.ROOT)).matches())
                .map(line -> line + "\n").collect(Collectors.joining());
    }

    /** The host's own file; a host without one passes on none. */
    private String host(String name) {
        Path file = etc.resolve(name);
        return Files.exists(file) ? read(file) : "";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new SystemFailure("read '" + file + "'", String.valueOf(e.getMessage()), "", e);
        }
    }
}
