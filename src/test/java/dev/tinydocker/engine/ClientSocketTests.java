package dev.tinydocker.engine;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import dev.tinydocker.store.Layout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** The socket that clients connect to, and what they hear before a command is executed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientSocketTests {

    @TempDir
    private Path directory;

    private Layout layout;
    private ClientSocket socket;

    @BeforeEach
    void serve() throws IOException {
        layout = new Layout(directory + "/run", directory + "/data", directory.toString());
        Files.createDirectories(layout.runRoot());
        socket = ClientSocket.ofUser(layout, new RequestHandler() {
            @Override
            public int execute(List<String> argv) {
                return Integer.parseInt(argv.getLast());
            }

            @Override
            public boolean answer(Request request, FrameChannel client) {
                if (request.argv().getFirst().equals("refuse")) {
                    throw new HostLacks("go on", "there is no way", "turn back");
                }
                return false;
            }
        });
        Thread.ofVirtual().start(() -> socket.serve(Duration.ZERO, () -> false));
    }

    @AfterEach
    void close() {
        socket.close();
        assertThat(layout.engineSocket()).doesNotExist();
    }

    private FrameChannel connect() throws IOException {
        return new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(layout.engineSocket())));
    }

    private static Frame request(String... words) {
        return new Request(1, List.of(words), "/", Map.of(), new Request.Terminal(false, false, false, 0, 0)).frame();
    }

    @Test
    void aPingComesBackBeforeTheRequest() throws IOException {
        try (FrameChannel client = connect()) {
            for (String word : List.of("a", "", "b\0")) {
                client.send(Frame.of(FrameType.PING, word.getBytes(StandardCharsets.US_ASCII)));
                assertThat(client.receive()).isEqualTo(Frame.of(FrameType.PING, word.getBytes(StandardCharsets.US_ASCII)));
            }
            client.send(request("end", "7"));
            assertThat(client.receive()).isEqualTo(Frame.of(FrameType.EXIT, 7));
        }
    }

    @Test
    void whyARequestIsRefusedIsHeard() throws IOException {
        for (Frame request : List.of(request("refuse"), Frame.of(FrameType.REQUEST, new byte[] { '{' }))) {
            try (FrameChannel client = connect()) {
                client.send(request);
                Frame line = client.receive();
                assertThat(line).isNotNull();
                assertThat(line.type()).isEqualTo(FrameType.STDERR);
                assertThat(StandardCharsets.UTF_8.decode(line.payload()).toString()).startsWith("cannot ").endsWith("\n");
                assertThat(client.receive()).isEqualTo(Frame.of(FrameType.EXIT, 125));
            }
        }
    }

    @Test
    void oneOfAUserIsForNobodyElse() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(layout.runRoot()))).isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(layout.engineSocket())))
                .isEqualTo("rw-------");
    }
}
