package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

/** The launcher in a project of its own, where the client and the build only say that they were started. */
class LauncherIT {

    private static final String CLIENT = """
            #!/bin/sh
            echo "client $TINY_HOME $TINY_RUN_ROOT $TINY_DATA_ROOT"
            for word in "$@"; do echo "<$word>"; done
            """;
    private static final String BUILD = """
            #!/bin/sh
            echo "build $*"
            mkdir -p target/native/mine
            cp client target/native/mine/tiny
            echo mine >target/ready
            """;
    private static final String CONFIGURATION = """
            # tiny.run.root: /wrong
            tiny.run.root: /run/here   # as it should be
            tiny.data.root: "/var/lib/there"
            """;

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void project() throws IOException {
        home = Files.createDirectories(directory.resolve("a project"));
        Files.createDirectories(home.resolve("config"));
        Files.createDirectories(home.resolve("src/main/sh"));
        Files.copy(Tiny.HOME.resolve("tiny"), home.resolve("tiny"));
        Files.writeString(home.resolve("config/application.yml"), CONFIGURATION);
        program("client", CLIENT);
        program("src/main/sh/build", "#!/bin/sh\ncd \"$TINY_HOME\"\n" + BUILD);
    }

    private void program(String name, String text) throws IOException {
        assertThat(Files.writeString(home.resolve(name), text).toFile().setExecutable(true)).isTrue();
    }

    private void built() throws IOException {
        Files.createDirectories(home.resolve("target/native/mine"));
        Files.copy(home.resolve("client"), home.resolve("target/native/mine/tiny"));
        Files.writeString(home.resolve("target/ready"), "mine\njava /nowhere\n");
    }

    private static Tiny.Result launch(Path from, Map<String, String> variables, String... argv) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(argv).directory(from.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TINY_"));
        builder.environment().putAll(variables);
        return Tiny.finish(builder.start());
    }

    private String client() {
        return "client " + home + " /run/here /var/lib/there\n";
    }

    @Test
    void wordsArriveAsTheyAre() throws IOException {
        built();
        Tiny.Result result = launch(home, Map.of(), "./tiny", "run", "", "a  b", "$x", "*");
        assertThat(result.out()).isEqualTo(client() + "<run>\n<>\n<a  b>\n<$x>\n<*>\n");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
    }

    @Test
    void theProjectIsFoundFromEverywhereAndThroughLinks() throws IOException {
        built();
        Path elsewhere = Files.createDirectories(directory.resolve("bin/of/mine"));
        Files.createSymbolicLink(elsewhere.resolve("one"), home.resolve("tiny"));
        Files.createSymbolicLink(elsewhere.resolve("two"), Path.of("one"));
        Files.createSymbolicLink(elsewhere.resolve("three"), Path.of("../../../a project/tiny"));
        for (String path : new String[] { home.resolve("tiny").toString(), "./one", "./two",
                elsewhere.resolve("two").toString() }) {
            assertThat(launch(elsewhere, Map.of(), path).out()).as(path).isEqualTo(client());
        }
        assertThat(launch(elsewhere, Map.of(), "./three").out()).contains("/a project /run/here");
        assertThat(launch(directory, Map.of(), "a project/tiny").out()).isEqualTo(client());
        assertThat(launch(elsewhere, Map.of("PATH", home + ":/usr/bin:/bin"), "sh", "-c", "tiny").out())
                .isEqualTo(client());
        assertThat(launch(home, Map.of(), "sh", "tiny").out()).isEqualTo(client());
    }

    @Test
    void theEnvironmentWins() throws IOException {
        built();
        assertThat(launch(home, Map.of("TINY_RUN_ROOT", "/mine"), "./tiny").out())
                .isEqualTo("client " + home + " /mine /var/lib/there\n");
    }

    @Test
    void whatIsNotBuiltIsBuiltFirstAndSaysSoOnStandardError() throws IOException {
        Tiny.Result result = launch(home, Map.of(), "./tiny", "ps");
        assertThat(result.err()).isEqualTo("build --if-needed\n");
        assertThat(result.out()).isEqualTo(client() + "<ps>\n");
    }

    @Test
    void sourcesThatCameLaterAreBuilt() throws IOException {
        built();
        Path pulled = Files.createDirectories(home.resolve(".git/logs")).resolve("HEAD");
        Files.createFile(pulled);
        Files.setLastModifiedTime(pulled, FileTime.from(Instant.now().minusSeconds(60)));
        assertThat(launch(home, Map.of(), "./tiny", "ps").err()).isEmpty();
        Files.setLastModifiedTime(pulled, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(launch(home, Map.of(), "./tiny", "ps").err()).isEqualTo("build --if-needed\n");
    }

    @Test
    void aBuildThatFailsEndsIt() throws IOException {
        program("src/main/sh/build", "#!/bin/sh\necho 'cannot build: no' >&2\nexit 125\n");
        Tiny.Result result = launch(home, Map.of(), "./tiny", "ps");
        assertThat(result.status()).isEqualTo(125);
        assertThat(result.err()).isEqualTo("cannot build: no\n");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void nothingIsExecutedOnTheWayToTheClient() throws IOException {
        built();
        Path trace = directory.resolve("trace");
        launch(home, Map.of(), "strace", "-f", "-o", trace.toString(), "-e", "trace=execve,fork,vfork,clone", "./tiny",
                "ps");
        try (Stream<String> calls = Files.lines(trace)) {
            // The launcher, the client's stand-in, and nothing before it.
            assertThat(calls.takeWhile(call -> !call.contains("native/mine/tiny")).filter(call -> call.contains("(")))
                    .hasSize(1).allMatch(call -> call.contains("execve(\"./tiny\""));
        }
    }
}
