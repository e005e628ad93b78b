package dev.tinydocker.network.names;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

class HostServersTests {

    @Test
    void serversOnLoAreServersToo() {
        assertThat(HostServers.parse(List.of("# stub", "nameserver 127.0.0.53", "search example.org", "nameserver ::1",
                "nameserver nonsense", "nameserver", "nameserver 192.0.2.1", "nameserver 192.0.2.2")))
                .containsExactly(server("127.0.0.53"), server("::1"), server("192.0.2.1"));
    }

    @Test
    void aChangeOfTheFileIsSeen(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("resolv.conf");
        HostServers servers = new HostServers(file);
        assertThat(servers.list()).isEmpty();
        Files.writeString(file, "nameserver 192.0.2.1\n");
        assertThat(servers.list()).containsExactly(server("192.0.2.1"));
        Files.writeString(file, "nameserver 192.0.2.2\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        assertThat(servers.list()).containsExactly(server("192.0.2.2"));
    }

    private static InetSocketAddress server(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 53);
    }
}
