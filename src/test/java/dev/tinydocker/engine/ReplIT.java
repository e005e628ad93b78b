package dev.tinydocker.engine;

import dev.tinydocker.TinyDocker;
import dev.tinydocker.shell.CommandDispatcher;
import dev.tinydocker.shell.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class ReplIT {

    @TempDir
    private Path directory;

    @Test
    void onlyAnEngineOpensTheRecordAndItHasAllCommands() {
        SpringApplication application = new SpringApplication(TinyDocker.class);
        // As arguments, which count more than config/application.yml of the directory the tests run in.
        try (ConfigurableApplicationContext context = application.run("--tiny.run.root=" + directory + "/run",
                "--tiny.data.root=" + directory + "/data", "--tiny.home=" + directory, "--tiny.metrics.port=-1")) {
            context.getBean(Repl.class);
            context.getBean(Engine.class);
            assertThat(directory.resolve("data/tiny.db")).doesNotExist();

            CommandDispatcher dispatcher = context.getBean(CommandDispatcher.class);
            assertThat(printed(dispatcher, "__complete", "").lines().map(line -> line.substring(0, line.indexOf('\t'))))
                    .containsExactly("attach",
                            "commit", "container", "cp",
                            "dashboard", "diff", "doctor",
                            "exec", "explain", "export",
                            "help", "history",
                            "image", "images", "import", "info", "inspect",
                            "kill",
                            "lesson", "load", "login", "logout", "logs",
                            "network",
                            "plan", "port", "ps", "pull", "push",
                            "rm", "rmi", "rootfs", "run",
                            "save", "script", "search", "security", "serve", "stats", "stop", "system",
                            "tag",
                            "version", "volume",
                            "wait");
            assertThat(printed(dispatcher, "ps")).startsWith("ID ").hasLineCount(1);
            assertThat(directory.resolve("data/tiny.db")).exists();
            assertThat(printed(dispatcher, "info")).contains("\ndata root:   " + directory + "/data\n", "\ncontainers:  0\n");

            CapturingSession doctor = new CapturingSession();
            assertThat(ScopedValue.where(Session.CURRENT, doctor).<Integer, RuntimeException>call(
                    () -> dispatcher.execute(List.of("doctor")))).isEqualTo(1);
            assertThat(doctor.printed().lines()).allMatch(line -> line.matches("(ok|warning|problem) +\\S.*"))
                    .anyMatch(line -> line.startsWith("problem  no native program ")
                    && line.contains("  — build it with"));
        }
    }

    private static String printed(CommandDispatcher dispatcher, String... argv) {
        CapturingSession session = new CapturingSession();
        assertThat(ScopedValue.where(Session.CURRENT, session).<Integer, RuntimeException>call(
                () -> dispatcher.execute(List.of(argv)))).isZero();
        return session.printed();
    }
}
