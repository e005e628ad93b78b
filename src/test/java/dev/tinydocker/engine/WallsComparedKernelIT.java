package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Our default beside docker's and podman's, on this kernel: a table, and nothing in which ours is weaker. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WallsComparedKernelIT {

    @Test
    void oursIsNowhereWeaker() throws Exception {
        Process compare = new ProcessBuilder("src/test/security/compare").redirectErrorStream(true).start();
        compare.getOutputStream().close();
        String table = new String(compare.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(table);
        assertThat(compare.waitFor()).as(table).isZero();
    }
}
