package dev.tinydocker.lima;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What each boot does: with a small project, a build that only writes its last file, and no systemd. */
class GuestIT {

    private static final int SECONDS = 30;
    private static final String BUILD = """
            #!/bin/sh
            cd "${0%/*}/../../.."
            mkdir -p target
            [ ! -e target/ready ] || exit 0
            [ ! -e config/broken ] || exit 1
            [ ! -e config/slow ] || sleep 2
            echo "built of $(cat src/main/program)"
            echo "mine $(cat src/main/program)" >target/ready
            """;
    private static final String SYSTEMCTL = """
            #!/bin/sh
            echo "$*"
            """;
    /** As the real one, but where it is to read what is not there: what it has read until then is written. */
    private static final String TAR = """
            #!/bin/sh
            case "$*" in
              *"-cf -"*) /bin/tar "$@" && [ ! -e "%1$s/unreadable" ] || exit 2 ;;
              *) exec /bin/tar "$@" ;;
            esac
            """;
    private static final String RESTART = "try-restart tiny-docker.service\n";

    @TempDir
    private Path directory;

    private Path shared;
    private Path copy;

    @BeforeEach
    void project() throws IOException {
        shared = directory.resolve("the project");
        copy = directory.resolve("opt");
        RecordedLima.executable(directory.resolve("bin/systemctl"), SYSTEMCTL);
        RecordedLima.executable(directory.resolve("bin/tar"), TAR.formatted(directory));
        RecordedLima.executable(shared.resolve("src/main/sh/build"), BUILD);
        RecordedLima.executable(shared.resolve("src/main/sh/guest"), Files.readString(Path.of("src/main/sh/guest")));
        write("src/main/program", "one");
        write("db/table", "");
        write("config/application.yml", "");
        write("config/rootfs.yml", "");
        write("pom.xml", "");
        write("tiny", "");
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(shared.resolve(name).getParent());
        Files.writeString(shared.resolve(name), text);
    }

    private RealLima.Result boot() throws IOException {
        return RealLima.finish(guest(), SECONDS);
    }

    private ProcessBuilder guest() {
        ProcessBuilder guest = new ProcessBuilder(shared + "/src/main/sh/guest", copy.toString());
        guest.environment().merge("PATH", directory.resolve("bin") + ":", (path, first) -> first + path);
        return guest;
    }

    private String booted() throws IOException {
        return boot().orFail().out();
    }

    @Test
    void theFirstBootCopiesAndBuildsAndTheNextDoesNothing() throws IOException {
        assertThat(booted()).isEqualTo("built of one\n" + RESTART);
        assertThat(copy.resolve("config/rootfs.yml")).exists();
        assertThat(booted()).isEmpty();
    }

    @Test
    void aSourceIsBuiltThoughItIsOlderThanTheLastBuild() throws IOException {
        booted();
        write("src/main/program", "two");
        Files.setLastModifiedTime(shared.resolve("src/main/program"),
                FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        assertThat(booted()).isEqualTo("built of two\n" + RESTART);
        assertThat(booted()).isEmpty();
    }

    @Test
    void whatNoBuildReadsIsCopiedAndTheEngineStartedAnew() throws IOException {
        booted();
        write("config/rootfs.yml", "more");
        assertThat(booted()).isEqualTo(RESTART);
        assertThat(copy.resolve("config/rootfs.yml")).hasContent("more");
        assertThat(booted()).isEmpty();
    }

    @Test
    void aCopyThatIsNotCompleteIsMadeAnew() throws IOException {
        Files.createFile(directory.resolve("unreadable"));
        assertThat(boot().status()).isNotZero();
        assertThat(copy.resolve("target/ready")).doesNotExist();
        Files.delete(directory.resolve("unreadable"));
        assertThat(booted()).isEqualTo("built of one\n" + RESTART);
    }

    @Test
    void aBuildThatFailsIsMadeAnew() throws IOException {
        write("config/broken", "");
        assertThat(boot().status()).isNotZero();
        assertThat(boot().status()).isNotZero();
        Files.delete(shared.resolve("config/broken"));
        assertThat(booted()).isEqualTo("built of one\n" + RESTART);
    }

    @Test
    void ofTwoAtOnceTheSecondFindsItDone() throws Exception {
        write("config/slow", "");
        Process first = guest().start();
        Awaitility.await().until(() -> Files.exists(copy.resolve("config/slow")));
        assertThat(booted()).isEmpty();
        assertThat(first.inputReader().readAllAsString()).isEqualTo("built of one\n" + RESTART);
        assertThat(first.waitFor()).isZero();
    }

    @Test
    void whatNeitherTheBuildNorTheEngineReadsIsNeitherLookedAtNorCopied() throws IOException {
        List<String> others = List.of("README.md", "docs/page.md", "src/test/java/SomeTests.java", "lima.yaml", "my own/data",
                "rootfs-cache/mine/etc/passwd", "src/main/.DS_Store", "config/.DS_Store", ".git/index");
        write(others.getFirst(), "as it was");
        booted();
        for (String other : others) {
            write(other, "new");
        }
        assertThat(booted()).isEmpty();
        write("src/main/program", "two");
        assertThat(booted()).isEqualTo("built of two\n" + RESTART);
        assertThat(others).noneMatch(other -> Files.exists(copy.resolve(other)));
    }

    @Test
    void anArchiveOfARootFileSystemIsCopiedBesideThoseThatAreThere() throws IOException {
        booted();
        Path fetched = copy.resolve("rootfs-cache/fetched.tar.gz");
        Files.createDirectories(fetched.getParent());
        Files.createFile(fetched);
        write("rootfs-cache/by hand.tar.gz", "archive");
        assertThat(booted()).isEqualTo(RESTART);
        assertThat(copy.resolve("rootfs-cache/by hand.tar.gz")).hasContent("archive");
        assertThat(fetched).exists();
        assertThat(booted()).isEmpty();
    }

    @Test
    void aFileThatWasThereForAMomentIsNoChange() throws IOException {
        booted();
        write("config/probe", "");
        Files.delete(shared.resolve("config/probe"));
        assertThat(booted()).isEmpty();
    }

    @Test
    void whatTheHostHasBuiltOfTheseSourcesComesAlong() throws IOException {
        Path ready = shared.resolve("target/ready");
        write("target/dist/1/program.jar", "built");
        Files.createDirectories(shared.resolve("target/native/here"));
        Files.copy(Path.of("/bin/sh"), shared.resolve("target/native/here/tiny-shim"));
        Files.write(ready, List.of("here", "java /bin/sh", "dist target/dist/1"));
        assertThat(booted()).isEqualTo("tiny: what the host has built is for this machine\n" + RESTART);
        assertThat(copy.resolve("target/dist/1/program.jar")).hasContent("built");
        assertThat(booted()).isEmpty();
        write("src/main/program", "two");
        Files.setLastModifiedTime(shared.resolve("src/main/program"),
                FileTime.from(Files.getLastModifiedTime(ready).toInstant().plusSeconds(1)));
        assertThat(booted()).isEqualTo("built of two\n" + RESTART);
        assertThat(booted()).isEmpty();
    }
}
