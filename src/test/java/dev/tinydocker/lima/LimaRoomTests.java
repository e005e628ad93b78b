package dev.tinydocker.lima;

import dev.tinydocker.engine.CommandExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** What is put in place where this host is no Linux, and nowhere else. */
class LimaRoomTests {

    @TempDir
    private Path directory;

    private ApplicationContextRunner context(String profile) {
        return new ApplicationContextRunner().withUserConfiguration(LimaRoom.class).withPropertyValues(
                "spring.profiles.active=" + profile, "tiny.run.root=" + directory.resolve("run"),
                "tiny.data.root=" + directory, "tiny.home=" + directory, "tiny.lima.instance=tiny-docker",
                "tiny.lima.program=/opt/tiny-docker/tiny", "tiny.lima.start=true");
    }

    @Test
    void theProfileHasTheWayToTheMachineAndNoEngine() {
        context("darwin").run(beans -> {
            assertThat(beans).hasSingleBean(LimaExecutor.class);
            assertThat(beans.getBeansOfType(CommandExecutor.class)).isEmpty();
        });
    }

    @Test
    void withoutItThereIsNothingOfIt() {
        context("other").run(beans -> assertThat(beans).hasNotFailed().doesNotHaveBean(LimaExecutor.class)
                .doesNotHaveBean(LimaCtl.class));
    }
}
