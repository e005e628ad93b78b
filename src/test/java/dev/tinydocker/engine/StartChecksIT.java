package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Problem;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is found before anything is started. */
class StartChecksIT {

    @TempDir
    Path directory;

    private final Map<String, Object> file = new HashMap<>();
    private final Map<String, Object> defaults = new HashMap<>();

    @BeforeEach
    void configure() {
        defaults.putAll(Map.of("tiny.run.root", directory.resolve("a/run").toString(), "tiny.data.root",
                directory.resolve("data").toString(), "tiny.home", "/home", "tiny.idle.timeout", "10m",
                "tiny.metrics.port", "9419"));
    }

    private void check() {
        StandardEnvironment environment = new StandardEnvironment();
        // The launcher that started this test has its own roots in there.
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        environment.getPropertySources()
                .addLast(new MapPropertySource("Config resource 'file [/home/config/application.yml]'", file));
        environment.getPropertySources().addLast(
                new MapPropertySource("Config resource 'class path resource [defaults/application.yml]'", defaults));
        new StartChecks().onApplicationEvent(new ApplicationEnvironmentPreparedEvent(new DefaultBootstrapContext(),
                new SpringApplication(), new String[0], environment));
    }

    @Test
    void theRootsAreMade() {
        check();
        assertThat(directory.resolve("a/run")).isDirectory();
        assertThat(directory.resolve("data/engine.log")).exists();
    }

    /** As an administrator makes it, or a file system's own root. */
    @Test
    void aDataRootThatWasThereIsClosedToOthers() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        for (String entry : List.of("lost+found", "tiny.db", "of-ours")) {
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createFile(data.resolve(entry));
            check();
            assertThat(Files.getPosixFilePermissions(data)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            Files.delete(data.resolve("engine.log"));
        }
    }

    @Test
    void aDirectoryThatOthersUseIsNotTakenForTheDataRoot() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"), PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.createFile(data.resolve("notes"));
        assertThatThrownBy(this::check).isInstanceOf(Conflict.class)
                .hasMessage("cannot use '" + data + "' as tiny.data.root: it is open to others, and has files of theirs");
        assertThat(Files.getPosixFilePermissions(data)).isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        check();
    }

    /** As /tmp is. */
    @Test
    void aDirectoryThatOthersUseIsNotTakenForTheRunRoot() throws IOException {
        Path run = Files.createDirectories(directory.resolve("a/run"));
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.createFile(run.resolve("start.lock"));
        Files.createFile(run.resolve("engine.sock"));
        check();
        Files.createFile(run.resolve("notes"));
        assertThatThrownBy(this::check).isInstanceOf(Conflict.class)
                .hasMessage("cannot use '" + run + "' as tiny.run.root: it is open to others, and has files of theirs");
        Files.createFile(run.resolve("engine.lock"));
        check();
    }

    @Test
    void aSettingNobodyKnowsIsTold() {
        file.put("tiny.idle.timout", "5m");
        file.put("server.port", "80");
        assertThatThrownBy(this::check).isInstanceOf(InvalidRequest.class)
                .hasMessage("cannot read the configuration: there is no setting 'tiny.idle.timout'")
                .asInstanceOf(InstanceOfAssertFactories.type(Problem.class)).extracting(Problem::hint).asString()
                .contains("/home/config/application.yml");
    }

    @Test
    void allFaultsAreToldAtOnce() {
        file.put("tiny.run.root", "run");
        file.put("tiny.idle.timeout", "-5m");
        file.put("tiny.metrics.port", "http");
        assertThatThrownBy(this::check).hasMessageContaining("tiny.run.root 'run' is not an absolute path")
                .hasMessageContaining("tiny.idle.timeout '-5m' is negative")
                .hasMessageContaining("tiny.metrics.port 'http' is not a number from -1 to 65535");
    }

    @Test
    void aRootThatCannotBeMadeIsTold() {
        file.put("tiny.data.root", "/proc/nothing/here");
        assertThatThrownBy(this::check)
                .hasMessageStartingWith("cannot make the directory '/proc/nothing/here': ENOENT");
    }

    @Test
    void aRunRootThatIsTooLongIsTold() {
        file.put("tiny.run.root", "/" + "r".repeat(100));
        assertThatThrownBy(this::check).hasMessageContaining("a socket's path has 107 bytes at most, not 113");
    }
}
