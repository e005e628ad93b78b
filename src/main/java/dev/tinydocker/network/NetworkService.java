package dev.tinydocker.network;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.SystemFailure;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a container sees of the network. */
@Service
public class NetworkService {

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

    private final Path etc;
    private final boolean ipv6;

    @Autowired
    public NetworkService() {
        this(Path.of("/etc"), Files.exists(Path.of("/proc/net/if_inet6")));
    }

    NetworkService(Path etc, boolean ipv6) {
        this.etc = etc;
        this.ipv6 = ipv6;
    }

    /** Writes hosts, hostname and resolv.conf into the container's run directory. */
    public List<HostStep> files(Path directory, String hostname, NetworkMode mode) {
        String hosts = mode.isOwn() ? LOCALHOST + (ipv6 ? LOCALHOST_6 : "") : host(HOSTS);
        String servers = mode.isOwn() ? withoutLocalServers(host(RESOLV_CONF)) : host(RESOLV_CONF);
        return List.of(
                HostStep.WriteFile.text(directory.resolve(HOSTS), hosts, "so that localhost has an address"),
                HostStep.WriteFile.text(directory.resolve(HOSTNAME), hostname + "\n",
                        "so that the container finds its name"),
                HostStep.WriteFile.text(directory.resolve(RESOLV_CONF), servers,
                        "so that names are asked where the host asks"));
    }

    /** Shows these three files in the container, under /etc. It may write to them. */
    public List<ShimStep> binds(Path directory) {
        return List.of(bind(directory, HOSTS), bind(directory, HOSTNAME), bind(directory, RESOLV_CONF));
    }

    /** Sets lo up where the container has a network stack of its own. */
    public List<ShimStep> loopback(NetworkMode mode) {
        return mode.isOwn()
                ? List.of(new ShimStep.Netlink(setUp(1), "set lo up",
                        "because a new network namespace has nothing else, and has it down"))
                : List.of();
    }

    private static ShimStep bind(Path directory, String file) {
        return new ShimStep.BindIn(0, false, MountPoint.FILE, MountFlags.MS_PRIVATE, directory.resolve(file).toString(),
                "/etc/" + file, "so that it is the container's own, whatever the image has there");
    }

    /**
     * One RTM_NEWLINK message, rtnetlink(7), in the machine's byte order:
     *
     * <pre>
     * nlmsghdr   u32 length, u16 type, u16 flags, u32 sequence, u32 port
     * ifinfomsg  u8 family, u8 -, u16 device type, i32 index, u32 flags, u32 which flags to change
     * </pre>
     */
    private static byte[] setUp(int index) {
        short newLink = 16;
        short requestAndAcknowledge = 1 | 4;
        int up = 1;
        ByteBuffer message = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
        message.putInt(message.capacity()).putShort(newLink).putShort(requestAndAcknowledge).putInt(1).putInt(0);
        message.put((byte) 0).put((byte) 0).putShort((short) 0).putInt(index).putInt(up).putInt(up);
        return message.array();
    }

    private static String withoutLocalServers(String conf) {
        return conf.lines().filter(line -> !LOCAL_SERVER.matcher(line.toLowerCase(Locale.ROOT)).matches())
                .map(line -> line + "\n").collect(Collectors.joining());
    }

    /** The host's own file; a host without one passes on none. */
    private String host(String name) {
        Path file = etc.resolve(name);
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new SystemFailure("read '" + file + "'", String.valueOf(e.getMessage()), "", e);
        }
    }
}
