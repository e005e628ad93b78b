package dev.tinydocker.lima;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The scripts of a build where uname(1) says Darwin, little is in the PATH, and Maven only says how it was started. */
class DarwinBuildIT {

    private static final int SECONDS = 30;
    private static final List<String> EVERYWHERE = List.of("sh", "cat", "chmod", "cp", "date", "find", "grep", "head",
            "id", "mkdir", "mkfifo", "mktemp", "mv", "perl", "ps", "readlink", "rm", "sed", "sleep", "tail", "touch");
    private static final String MAVEN = """
            #!/bin/sh
            echo "host=$TINY_HOST java=$(command -v java)" >>asked
            sleep 1
            mkdir -p target/native/mine
            cat pom.xml >target/native/mine/tiny
            chmod +x target/native/mine/tiny
            echo mine >target/ready
            """;

    @TempDir
    private Path directory;

    private Path home;
    private Path bin;

    @BeforeEach
    void project() throws IOException {
        home = directory.resolve("a project");
        bin = Files.createDirectories(directory.resolve("bin"));
        for (String name : List.of("build", "dist", "engine", "install", "jdk", "train")) {
            RecordedLima.executable(home.resolve("src/main/sh/" + name),
                    Files.readString(Path.of("src/main/sh/" + name)));
        }
        Files.createFile(home.resolve("pom.xml"));
        for (String name : EVERYWHERE) {
            Path found = Stream.of("/usr/bin/", "/bin/").map(place -> Path.of(place + name)).filter(Files::exists)
                    .findFirst().orElseThrow();
            Files.createSymbolicLink(bin.resolve(name), found);
        }
        says("uname", "echo Darwin");
        says("xcode-select", "");
        says("git", "exit 1");
        says("cc", "");
        says("make", "");
        RecordedLima.executable(bin.resolve("mvn"), MAVEN);
        RecordedLima.executable(directory.resolve("jdk/bin/javac"), "");
        RecordedLima.executable(directory.resolve("jdk/bin/java"), "");
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"26\"\n");
    }

    private void says(String program, String line) throws IOException {
        RecordedLima.executable(bin.resolve(program), "#!/bin/sh\n" + line + "\n");
    }

    private ProcessBuilder builder() {
        ProcessBuilder build = new ProcessBuilder(home + "/src/main/sh/build", "--if-needed");
        build.environment().clear();
        build.environment().put("PATH", bin.toString());
        build.environment().put("HOME", directory.toString());
        build.environment().put("TINY_HOME", home.toString());
        build.environment().put("TINY_HOST", "darwin");
        build.environment().put("TINY_RUN_ROOT", directory.toString());
        build.environment().put("TINY_JAVA_HOME", directory.resolve("jdk").toString());
        return build;
    }

    private RealLima.Result build() throws IOException {
        return RealLima.finish(builder(), SECONDS);
    }

    @Test
    void whatTheEngineNeedsIsNotNeeded() throws IOException {
        assertThat(build().orFail().err()).contains("tiny: built in ");
        assertThat(home.resolve("asked")).hasContent("host=darwin java=" + directory + "/jdk/bin/java");
    }

    @Test
    void whatIsMissingIsSaidWithWhereItIsHad() throws IOException {
        Files.delete(bin.resolve("mvn"));
        says("xcode-select", "exit 2");
        RealLima.Result result = build();
        assertThat(result.status()).isEqualTo(125);
        assertThat(result.err()).isEqualTo("cannot prepare the build: mvn cc make must be installed: 'brew install maven "
                + "openjdk', and 'xcode-select --install' for cc and make\n");
    }

    @Test
    void ofTwoThatBuildAtOnceTheSecondFindsItDone() throws Exception {
        Process first = builder().start();
        build().orFail();
        assertThat(first.waitFor()).isZero();
        assertThat(home.resolve("asked")).content().hasLineCount(1);
    }

    @Test
    void onLinuxItIsTheEngineThatIsBuilt() throws IOException {
        says("uname", "echo Linux");
        RecordedLima.executable(home.resolve("src/main/sh/install"), "#!/bin/sh\n");
        build().orFail();
        assertThat(home.resolve("asked")).content().startsWith("host= ");
    }

    /** A jar(1) that unpacks what it is asked for, and a JVM that ends at once. */
    @Test
    void whatIsLaidOutIsForThatSystem() throws IOException {
        says("uname", "case $1 in -m) echo arm64 ;; *) echo Darwin ;; esac");
        RecordedLima.executable(directory.resolve("jdk/bin/jar"), "#!/bin/sh\nmkdir -p \"${3%/*}\" && echo \"$2\" >\"$3\"\n");
        RecordedLima.executable(directory.resolve("jdk/bin/java"), "#!/bin/sh\necho \"$@\" >>\"$HOME/started\"; exit 1\n");
        RecordedLima.executable(home.resolve("target/native/arm64/tiny"), "#!/bin/sh\n");
        for (String file : List.of("lib/jna-5.jar", "lib/jline-3.jar", "tiny-docker.jar", "tiny-docker-context.jar",
                "dist/earlier")) {
            RecordedLima.executable(home.resolve("target").resolve(file), "");
        }
        ProcessBuilder dist = builder().command(home + "/src/main/sh/dist");
        dist.environment().put("TMPDIR", directory + "/");
        RealLima.finish(dist, SECONDS).orFail();
        List<String> ready = Files.readAllLines(home.resolve("target/ready"));
        assertThat(ready).hasSize(3).startsWith("arm64", "java " + directory + "/jdk/bin/java");
        Path made = home.resolve(ready.getLast().substring("dist ".length()));
        assertThat(made.resolve("native")).isDirectoryContaining("glob:**/libjnidispatch.jnilib")
                .isDirectoryContaining("glob:**/libjlinenative.jnilib");
        try (Stream<Path> unpacked = Files.list(made.resolve("native"))) {
            assertThat(unpacked).hasSize(2);
        }
        assertThat(home.resolve("target/dist/earlier")).doesNotExist();
        assertThat(directory.resolve("started")).content().contains("-Dlibrary.jline.name=libjlinenative.jnilib",
                "-jar " + made + "/tiny-docker.jar shell");
    }
}
