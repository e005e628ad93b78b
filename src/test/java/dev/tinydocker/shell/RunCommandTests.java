package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerSpec;
import dev.tinydocker.container.Healthcheck;
import dev.tinydocker.container.PullPolicy;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class RunCommandTests {

    private final TestShell shell = new TestShell();

    @TempDir
    private Path directory;

    @Test
    void nothingAskedIsNothingSet() {
        ContainerSpec spec = shell.spec("run busybox");
        assertThat(spec.image()).isEqualTo("busybox");
        assertThat(spec.command()).isEmpty();
        assertThat(spec).extracting("name", "rootfs", "entrypoint", "workingDirectory", "user", "hostname")
                .containsOnlyNulls();
        assertThat(spec.stopSignal()).isNull();
        assertThat(spec.stopTimeoutSeconds()).isEqualTo(10);
        assertThat(spec.network()).isEqualTo(NetworkWish.of(NetworkMode.ISOLATED));
        assertThat(spec.environment()).isEmpty();
        assertThat(spec.tty() || spec.openStdin() || spec.autoRemove() || spec.init() || spec.readOnly()).isFalse();
    }

    @Test
    void anImageThatIsNotHereIsPulledFirst() {
        shell.containers.imageMissing = true;
        shell.spec("run -d --pull always --platform linux/arm64 team/web");
        assertThat(shell.containers.calls).containsExactly("pull team/web", "run detached");
        assertThat(shell.containers.spec).extracting("pull", "platform")
                .containsExactly(PullPolicy.ALWAYS, "linux/arm64");
    }

    @Test
    void whatIsToldBeginsWithTheClientAndHasThePull() {
        shell.containers.imageMissing = true;
        TestShell.Result result = shell.line("run -d --explain team/web");
        assertThat(result.err().lines().filter(line -> line.matches(" +[0-9]+  .*")).map(line -> line.replaceFirst(
                "^ +([0-9]+) +([a-z]+) +[0-9.]+ us +(.*?), .*", "$1 $2 $3")).toList())
                .containsExactly("1 client begin and ask the engine", "2 engine take the words of the command apart",
                        "3 engine pull the image", "4 engine write these lines");
        assertThat(result.err()).containsPattern("\\n  command +[0-9.]+ ms").containsPattern("\\n  total +[0-9.]+ ms\\n$");
    }

    @Test
    void everyWordArrives() {
        ContainerSpec spec = shell.spec("run --rm -i --name web -h www -w /srv -u 1000:1000 --entrypoint httpd --init --read-only"
                + " --stop-signal SIGINT --stop-timeout 3 --net host --oom-score-adj 500 -l tier=front -l loud --label=x=y=z"
                + " busybox -f -h 'a b'");
        assertThat(spec.command()).containsExactly("-f", "-h", "a b");
        assertThat(spec.entrypoint()).containsExactly("httpd");
        assertThat(spec).extracting("name", "hostname", "workingDirectory", "user")
                .containsExactly("web", "www", "/srv", "1000:1000");
        assertThat(spec.stopSignal()).isEqualTo(2);
        assertThat(spec.stopTimeoutSeconds()).isEqualTo(3);
        assertThat(spec.network()).isEqualTo(NetworkWish.of(NetworkMode.HOST));
        assertThat(spec.oomScoreAdjustment()).isEqualTo(500);
        assertThat(spec.labels()).containsExactly(entry("tier", "front"), entry("loud", ""), entry("x", "y=z"));
        assertThat(spec.autoRemove() && spec.openStdin() && spec.stdinOnce() && spec.init() && spec.readOnly())
                .isTrue();
    }

    @Test
    void howHealthIsCheckedIsAsked() {
        assertThat(shell.spec("run busybox").health()).isNull();
        assertThat(shell.spec("run --no-healthcheck busybox").health()).isEqualTo(Healthcheck.NONE);
        assertThat(shell.spec("run --health-retries 2 --health-timeout 1m1.5s busybox").health())
                .isEqualTo(new Healthcheck(List.of(), 0, 61_500_000_000L, 0, 0, 2));
        assertThat(shell.spec("run --health-cmd 'a | b' --health-interval 10ms --health-start-period 1h"
                + " --health-start-interval 1s busybox").health()).isEqualTo(new Healthcheck(
                        List.of("CMD-SHELL", "a | b"), 10_000_000, 0, 3_600_000_000_000L, 1_000_000_000, 0));
        assertThat(shell.line("run --health-interval 1us --health-retries -1 --health-timeout 9999h busybox").err())
                .contains("cannot use '1us' for --health-interval: it is less than a millisecond",
                        "cannot use '-1' for --health-retries", "cannot read the duration '9999h'");
    }

    @Test
    void aDirectoryTakesTheImagesPlace() {
        ContainerSpec spec = shell.spec("run --rootfs ./root/../files /bin/sh -c ls");
        assertThat(spec.rootfs()).isEqualTo("/home/user/files");
        assertThat(spec.image()).isNull();
        assertThat(spec.command()).containsExactly("/bin/sh", "-c", "ls");
    }

    @Test
    void anEmptyEntrypointIsNone() {
        assertThat(shell.spec("run --entrypoint '' busybox").entrypoint()).isEmpty();
    }

    @Test
    void variablesComeFromTheLineTheUserAndFiles() throws IOException {
        Files.writeString(directory.resolve("env"), "# a comment\n\nA=file\n  B=\"in quotes\" \nHOME\nNOBODY\nC=x=y\n");
        shell.session.directory = directory;
        shell.session.environment.putAll(Map.of("HOME", "/root", "USER", "me"));
        ContainerSpec spec = shell.spec("run -e A=line -e USER -e UNKNOWN --env-file env -e D= busybox");
        assertThat(spec.environment()).containsExactly(entry("A", "line"), entry("B", "\"in quotes\" "),
                entry("HOME", "/root"),
                entry("C", "x=y"), entry("USER", "me"), entry("D", ""));
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws IOException {
        Files.writeString(directory.resolve("env"), "A=1\nb c=2\n");
        shell.session.directory = directory;
        TestShell.Result result = shell.line("run -w relative -h a+b --stop-signal NOPE --stop-timeout -2 --oom-score-adj 2000 -e =x"
                + " --env-file env --env-file missing --net x=nowhere -l =x --log-opt max-size busybox");
        assertThat(result.status()).isEqualTo(125);
        assertThat(result.err()).startsWith("cannot run 'busybox': (1) cannot use 'env' for --env-file: "
                + "line 2 has a blank in its name; write NAME=VALUE (2)")
                .contains("cannot use '=x' for -e: it has no name;",
                "cannot use 'missing' for --env-file: there is none",
                "cannot use 'relative' for --workdir: it is not an absolute path",
                "cannot use 'a+b' for --hostname", "cannot use the signal 'NOPE'", "cannot use '-2' for --stop-timeout",
                "cannot use '2000' for --oom-score-adj", "cannot use the network 'x=nowhere'",
                "cannot use '=x' for --label",
                "cannot use 'max-size' for --log-opt", "(11)").doesNotContain("(12)").hasLineCount(1);
        assertThat(shell.containers.calls).isEmpty();
    }

    @Test
    void oneFaultIsToldAlone() {
        assertThat(shell.line("run -w x busybox").err())
                .isEqualTo("cannot use 'x' for --workdir: it is not an absolute path; begin it with /\n");
    }

    @Test
    void inTheForegroundTheStreamsAreTheUsers() {
        shell.containers.output = "hello\n";
        shell.session.typed = "typed";
        assertThat(shell.line("run -i busybox cat")).isEqualTo(new TestShell.Result(0, "hello\n", ""));
        assertThat(shell.containers.calls).containsExactly("run attached");
        assertThat(shell.containers.input).hasToString("typed<end>");
        assertThat(shell.session.calls).containsExactly("cooked", "restored");
    }

    @Test
    void detachedPrintsTheWholeId() {
        assertThat(shell.line("run -d busybox")).isEqualTo(new TestShell.Result(0, RecordingContainers.ID + "\n", ""));
        assertThat(shell.containers.calls).containsExactly("run detached");
        assertThat(shell.spec("run -dit --rm busybox").stdinOnce()).isFalse();
    }

    @Test
    void aTerminalIsRawWhereKeysGoToIt() {
        shell.session.tty = new Session.Tty(true, true, true, 24, 80);
        shell.line("run -it busybox");
        shell.line("run -t busybox");
        assertThat(shell.session.calls).containsExactly("raw", "restored", "cooked", "restored");
    }

    @Test
    void aTerminalWithoutOneIsRefused() {
        assertThat(shell.line("run -it busybox")).isEqualTo(new TestShell.Result(125, "", "cannot run 'busybox': "
                + "the input device is not a TTY; leave -t out where input comes from a file or a pipe\n"));
        assertThat(shell.containers.calls).isEmpty();
    }

    @Test
    void theTerminalIsGivenBackWhereTheStartFails() {
        shell.containers.refusal = new SystemFailure("start 'x'", "no", "");
        shell.line("run busybox");
        assertThat(shell.session.calls).containsExactly("cooked", "restored");
    }

    @Test
    void theIdIsWrittenIntoANewFile() {
        Path file = directory.resolve("id");
        assertThat(shell.line("run -d --cidfile " + file + " busybox").status()).isZero();
        assertThat(file).hasContent(RecordingContainers.ID);
        TestShell.Result second = shell.line("run -d --cidfile " + file + " busybox");
        assertThat(second.status()).isEqualTo(125);
        assertThat(second.err()).isEqualTo("cannot write the id into '" + file
                + "': the file exists; remove it or name another one\n");
        assertThat(shell.containers.calls).hasSize(1);
    }

    @Test
    void noFileIsLeftWhereTheStartFails() {
        shell.containers.refusal = new SystemFailure("start 'x'", "no", "");
        shell.line("run --cidfile " + directory.resolve("id") + " busybox");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theImageIsMissingOnlyWithoutADirectory() {
        assertThat(shell.line("run").status()).isEqualTo(1);
        assertThat(shell.line("run -it").err())
                .startsWith("cannot execute 'run': it takes IMAGE [COMMAND] [ARG...] and was given nothing");
        assertThat(shell.line("run --rootfs /x").status()).isZero();
    }

    @Test
    void wordsThatLookLikeOptionsBelongToTheContainer() {
        assertThat(shell.spec("run busybox ls -l --help --rm").command())
                .isEqualTo(List.of("ls", "-l", "--help", "--rm"));
    }
}
