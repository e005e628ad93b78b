package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.plan.HostStep;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

class FileChangesTests {

    private static final NetworkWish WISH = NetworkWish.of(NetworkMode.ISOLATED);
    private static final List<Lease> OUT = List.of();
    private static final List<Lease> IN = List.of(SampleNetwork.lease("web", "10.1.0.2"));

    @TempDir
    Path etc;
    @TempDir
    Path run;

    private ContainerFiles files;

    @BeforeEach
    void writeBoth() throws IOException {
        Files.writeString(etc.resolve("resolv.conf"), "nameserver 192.0.2.53\n");
        files = new ContainerFiles(etc, etc.resolve("upstream"), false);
        write(files.files(run, "web", WISH, OUT, NetworkNames::has, 0));
    }

    private static void write(List<HostStep> steps) throws IOException {
        for (HostStep step : steps) {
            HostStep.WriteFile file = (HostStep.WriteFile) step;
            Files.write(file.path(), file.content());
        }
    }

    private List<HostStep> steps(List<Lease> before, List<Lease> after) {
        return new FileChanges(files).steps(run, "web", WISH, before, after, NetworkNames::has);
    }

    private String text(String file) throws IOException {
        return Files.readString(run.resolve(file), StandardCharsets.ISO_8859_1);
    }

    @Test
    void whoComesIntoANetworkAsksThereAndWhoLeavesItAsWasAskedBefore() throws IOException {
        String hosts = text("hosts");
        write(steps(OUT, IN));
        assertThat(text("hosts")).isEqualTo(hosts + "10.1.0.2\tweb\n");
        assertThat(text("resolv.conf")).isEqualTo("nameserver 10.1.0.1\noptions ndots:0\n");
        assertThat(steps(OUT, IN)).as("asked again").isEmpty();
        write(steps(IN, OUT));
        assertThat(text("hosts")).isEqualTo(hosts);
        assertThat(text("resolv.conf")).isEqualTo("nameserver 192.0.2.53\n");
    }

    @Test
    void whatTheContainerHasWrittenItselfStays() throws IOException {
        Files.writeString(run.resolve("hosts"), "192.0.2.9 db\n\351\n", StandardCharsets.ISO_8859_1);
        Files.writeString(run.resolve("resolv.conf"), "nameserver 192.0.2.1\n");
        write(steps(OUT, IN));
        assertThat(text("hosts")).isEqualTo("192.0.2.9 db\n\351\n10.1.0.2\tweb\n");
        assertThat(text("resolv.conf")).isEqualTo("nameserver 192.0.2.1\n");
    }

    @Test
    void whatIsGoneOrTooLongIsLeftAlone() throws IOException {
        Files.delete(run.resolve("hosts"));
        byte[] much = new byte[1 << 17];
        Arrays.fill(much, (byte) '\n');
        Files.write(run.resolve("resolv.conf"), much);
        assertThat(steps(OUT, IN)).isEmpty();
    }
}
