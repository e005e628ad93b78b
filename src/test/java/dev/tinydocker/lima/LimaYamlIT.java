package dev.tinydocker.lima;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** The real limactl reads lima.yaml. */
class LimaYamlIT {

    @TempDir
    private static Path directory;

    private static RealLima lima;

    @BeforeAll
    static void install() throws IOException {
        lima = new RealLima(directory);
    }

    @Test
    void itIsValid() throws IOException {
        RealLima.Result result = lima.ask("validate", directory.resolve("lima.yaml").toString());
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).doesNotContain("level=warning");
    }

    @Test
    void anInstanceIsMadeOfItAsItSays() throws IOException {
        Path workspace = lima.create("tiny-docker");
        JsonNode instance = JsonMapper.builder().build()
                .readTree(lima.ask("list", "tiny-docker", "--format", "json").orFail().out());
        assertThat(instance.path("status").asString()).isEqualTo("Stopped");
        assertThat(instance.path("cpus").asInt()).isEqualTo(4);
        assertThat(instance.path("memory").asLong()).isEqualTo(4L << 30);
        assertThat(instance.path("disk").asLong()).isEqualTo(20L << 30);
        JsonNode config = instance.path("config");
        assertThat(config.path("vmType").asString()).isEqualTo("qemu");
        assertThat(config.path("containerd").path("user").asBoolean(true)).isFalse();
        assertThat(config.path("containerd").path("system").asBoolean(true)).isFalse();
        JsonNode mount = config.path("mounts").path(0);
        assertThat(config.path("mounts").size()).isOne();
        assertThat(mount.path("location").asString()).isEqualTo(workspace.toString());
        assertThat(mount.path("mountPoint").asString()).isEqualTo(workspace.toString());
        assertThat(mount.path("writable").asBoolean()).isTrue();
        assertThat(config.path("portForwards").path(0).path("hostSocket").asString())
                .isEqualTo(instance.path("dir").asString() + "/sock/engine.sock");
        assertThat(config.path("portForwards").path(1).path("hostPort").asInt()).isEqualTo(9419);
        lima.ask("delete", "tiny-docker").orFail();
    }

    @Test
    void bothArchitecturesHaveImages() throws IOException {
        String filled = lima.ask("validate", "--fill", directory.resolve("lima.yaml").toString()).orFail().out();
        // The first of each is that of a day, and Lima compares what it downloads.
        for (String image : List.of("amd64.img\\n +arch: x86_64", "arm64.img\\n +arch: aarch64")) {
            assertThat(filled).containsPattern("release-\\d{8}/ubuntu-24.04.*" + image + "\\n +digest: sha256:[0-9a-f]{64}\\n")
                    .containsPattern("release/ubuntu-24.04.*" + image + "\\n");
        }
    }
}
