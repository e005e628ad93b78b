package dev.tinydocker.lima;

import dev.tinydocker.engine.Request;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Scripts, help and completion where the engine is in a virtual machine: what the host does of them, and what it leaves to it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostShellTests {

    private static final String RUNS = "Lima instance \"tiny-docker\" is running\n";

    @TempDir
    private Path directory;

    private RecordedLima recorded;
    private StandInEngine engine;
    private HostClient client;

    @BeforeEach
    void serve() throws IOException {
        recorded = new RecordedLima(directory).in("running");
        // The machine sees what is shared at another place: what is not told in its words is seen at once.
        recorded.says("list", Files.readString(directory.resolve("list")).replace("\"mountPoint\":\"" + recorded.workspace(),
                "\"mountPoint\":\"/seen"));
        engine = new StandInEngine(directory.resolve("lima/tiny-docker/sock/engine.sock"));
        LimaCtl ctl = recorded.ctl();
        GuestEngine guest = new GuestEngine(ctl, directory + "/none", new SshForward(new HostProgram("false")), true);
        LimaDoctor doctor = new LimaDoctor(ctl, directory + "/none");
        client = new HostClient(directory, new LimaExecutor(guest, new VmCommands(ctl, guest).commands(),
                List.of(new DoctorCommand(doctor, directory).command()), HostClient.layout(directory)));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        engine.close();
    }

    private HostClient.Ended execute(String... words) throws IOException {
        return client.execute(recorded.workspace(), Map.of("SECRET", "s", "OTHER", "o"), words);
    }

    private void script(String name, String... lines) throws IOException {
        Path file = recorded.workspace().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private Request asked() throws InterruptedException {
        Request request = engine.requests.poll(10, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        return request;
    }

    @Test
    void aLineWantsOfTheHostWhatIsTypedDoes() throws Exception {
        Files.createSymbolicLink(recorded.workspace().resolve("link"), Path.of("dir"));
        script("sub/s", "#!/usr/bin/env tiny", "run --rootfs ./rootfs -v ./link:/a -e SECRET busybox \\", " -v ./b:/b",
                "tiny cp web:/etc/hosts 'a b'", "save -o ~ busybox");
        assertThat(execute("script", "sub/s")).isEqualTo(new HostClient.Ended(0, "", ""));
        Request run = asked();
        assertThat(run.argv()).containsExactly("run", "--rootfs", "/seen/rootfs", "-v", "/seen/dir:/a", "-e", "SECRET", "busybox",
                "-v", "./b:/b");
        assertThat(run.cwd()).isEqualTo("/seen");
        assertThat(run.env()).isEqualTo(Map.of("SECRET", "s", "DOCKER_CONFIG", "/root/.docker"));
        Request copy = asked();
        assertThat(copy.argv()).containsExactly("cp", "web:/etc/hosts", "/seen/a b");
        assertThat(copy.env()).containsOnlyKeys("DOCKER_CONFIG");
        // As on Linux: no shell has read it.
        assertThat(asked().argv()).containsExactly("save", "-o", "/seen/~", "busybox");
    }

    @Test
    void whatWasTypedWithTheProgramsNameIsTheSame() throws Exception {
        execute("tiny", "run", "-v", "./a:/a", "busybox");
        assertThat(asked().argv()).containsExactly("run", "-v", "/seen/a:/a", "busybox");
        assertThat(execute("./tiny", "vm", "status").out()).startsWith(RUNS);
        assertThat(execute().out()).startsWith("of the engine\n");
    }

    @Test
    void aScriptNeedNotBeShared() throws Exception {
        Path script = Files.writeString(directory.resolve("s"), "end 3\nend 0\n");
        for (List<String> words : List.of(List.of(script.toString()), List.of("../s"), List.of("script", "--", "../s"))) {
            assertThat(execute(words.toArray(String[]::new))).isEqualTo(new HostClient.Ended(3, "out\n", "err\n"
                    + words.getLast() + ": line 1 ended with 3\n"));
        }
        assertThat(execute("script", "-k", "../s")).isEqualTo(new HostClient.Ended(3, "out\nout\n",
                "err\n../s: line 1 ended with 3\nerr\n"));
        assertThat(client.execute(directory, Map.of(), "./s").status()).isEqualTo(3);
        assertThat(engine.requests).extracting(Request::cwd).containsExactly("/seen", "/seen", "/seen", "/seen", "/seen", "/");
        assertThat(execute("./none")).isEqualTo(new HostClient.Ended(1, "", "cannot execute './none': there is no such command; "
                + "'help' lists them all\n"));
        assertThat(execute("script", "none").err()).startsWith("cannot read 'none': there is no such file");
        assertThat(execute("script", "--help").out()).startsWith("Usage: tiny script [OPTIONS] FILE|-\n");
    }

    @Test
    void aLineThatWantsWhatIsNotSharedEndsIt() throws IOException {
        script("s", "end 0", "run -v /opt/a:/a busybox", "end 0");
        HostClient.Ended ended = execute("./s");
        assertThat(ended.status()).isEqualTo(125);
        assertThat(ended.err()).isEqualTo("err\ncannot use it in the virtual machine: volume \"/opt/a\" is not accessible "
                + "inside Lima: ensure the workspace is shared with the VM; '/opt/a' is in none of '" + recorded.workspace()
                + "'\n./s: line 2 ended with 125\n");
        assertThat(engine.requests).hasSize(1);
    }

    @Test
    void linesOfStandardInputAreTheSame() throws Exception {
        try (FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("script", "-"))) {
            assertThat(channel.receive()).isNotNull().extracting(Frame::type).isEqualTo(FrameType.CREDIT);
            channel.send(Frame.of(FrameType.STDIN, "load -i ./a\nread\nvm status\nexit 4\n".getBytes(StandardCharsets.UTF_8)),
                    Frame.of(FrameType.STDIN_EOF));
            HostClient.Ended ended = HostClient.end(channel);
            assertThat(ended.status()).as(ended.toString()).isEqualTo(4);
            assertThat(ended.out()).isEqualTo(RUNS + "the engine answers at " + directory
                    + "/lima/tiny-docker/sock/engine.sock\n");
        }
        assertThat(asked().argv()).containsExactly("load", "-i", "/seen/a");
        // Its input is the script itself.
        assertThat(engine.heard).contains("STDIN_EOF ").noneMatch(heard -> heard.startsWith("STDIN load"));
    }

    @Test
    void inputAndSignalsAreThoseOfTheLineThatIsExecuted() throws Exception {
        script("s", "read", "wait");
        try (FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("script", "s"))) {
            typeAll(channel, "typed");
            assertThat(engine.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("STDIN typed");
            assertThat(engine.heard.poll(10, TimeUnit.SECONDS)).startsWith("STDIN_EOF");
            awaitCredit(channel);
            channel.send(Frame.of(FrameType.SIGNAL, 15));
            List<String> heard = List.of(engine.heard.poll(10, TimeUnit.SECONDS), engine.heard.poll(10, TimeUnit.SECONDS),
                    engine.heard.poll(10, TimeUnit.SECONDS));
            assertThat(heard).contains("SIGNAL \0\0\0\u000f");
        }
    }

    /** All of a user's input, once the line that is executed wants some. */
    private static void typeAll(FrameChannel channel, String text) throws IOException {
        awaitCredit(channel);
        channel.send(Frame.of(FrameType.STDIN, text.getBytes(StandardCharsets.UTF_8)), Frame.of(FrameType.STDIN_EOF));
    }

    private static void awaitCredit(FrameChannel channel) throws IOException {
        Frame frame = channel.receive();
        while (frame != null && frame.type() != FrameType.CREDIT) {
            frame = channel.receive();
        }
        assertThat(frame).isNotNull();
    }

    @Test
    void whereTheClientHasGoneNoOtherLineIsExecuted() throws Exception {
        script("s", "wait", "end 0");
        try (FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("script", "-k", "s"))) {
            awaitCredit(channel);
        }
        assertThat(engine.heard.poll(10, TimeUnit.SECONDS)).isIn("hung up", "broken");
        client.close();
        assertThat(engine.requests).hasSize(1);
    }

    @Test
    void aConnectionThatIsLostEndsIt() throws Exception {
        script("s", "cut", "end 0");
        assertThat(execute("script", "s")).isEqualTo(new HostClient.Ended(125, "", "cannot finish the command: the connection to "
                + "the virtual machine was lost; a container that was started runs on, see 'tiny ps'\ns: line 1 ended with "
                + "125\n"));
        assertThat(engine.requests).hasSize(1);
    }

    @Test
    void scriptsExecuteOneAnotherOnTheHost() throws Exception {
        script("outer", "script inner", "end 0");
        script("inner", "run -v ./a:/a busybox");
        assertThat(execute("script", "outer").status()).isZero();
        assertThat(asked().argv()).contains("/seen/a:/a");
        assertThat(asked().argv()).containsExactly("end", "0");
    }

    @Test
    void helpTellsOfTheHostsCommandsToo() throws IOException {
        for (List<String> words : List.of(List.of("help"), List.of("--help"))) {
            HostClient.Ended ended = execute(words.toArray(String[]::new));
            assertThat(ended.status()).isZero();
            assertThat(ended.out()).startsWith("of the engine\n\nOn this host:\n  vm delete   Delete the virtual machine")
                    .contains("\n  vm shell    ", "\n  vm start    ", "\n  vm status   ", "\n  vm stop     ")
                    .doesNotContain("doctor");
        }
        assertThat(execute("help", "vm").out()).startsWith("Usage: tiny vm COMMAND\n\n  vm delete   ");
        assertThat(execute("vm", "--help").out()).isEqualTo(execute("help", "vm").out());
        assertThat(execute("vm", "stop", "--help").out()).startsWith("Usage: tiny vm stop [OPTIONS]\n").contains("-f, --force");
        assertThat(execute("help", "doctor").out()).contains("--rootfs DIR");
        assertThat(engine.requests).hasSize(2);
        execute("help", "run");
        assertThat(engine.requests).hasSize(3);
    }

    @Test
    void withoutAMachineHelpTellsOfWhatMakesOne() throws IOException {
        recorded.in("absent");
        HostClient.Ended ended = execute("help");
        assertThat(ended.status()).isEqualTo(125);
        assertThat(ended.out()).startsWith("\nOn this host:\n");
        assertThat(ended.err()).endsWith("does not exist; create it: 'tiny setup lima'\n");
    }

    private List<String> completed(String... line) throws IOException {
        String[] words = new String[line.length + 2];
        words[0] = "__complete";
        words[1] = "--";
        System.arraycopy(line, 0, words, 2, line.length);
        HostClient.Ended ended = execute(words);
        assertThat(ended.status()).as(ended.toString()).isZero();
        assertThat(ended.err()).isEmpty();
        return ended.out().lines().map(offered -> offered.split("\t")[0]).toList();
    }

    @Test
    void theHostsCommandsAreCompletedBesideTheEngines() throws IOException {
        assertThat(completed("v")).containsExactly("version", "vm");
        assertThat(completed("help", "v")).containsExactly("version", "vm");
        assertThat(completed("vm", "sta")).containsExactly("start", "status");
        assertThat(completed("vm", "stop", "--f")).containsExactly("--force");
        Files.createDirectory(recorded.workspace().resolve("rootfs"));
        assertThat(completed("doctor", "--rootfs", "ro")).containsExactly("rootfs/");
        script("setup.tiny", "ps");
        assertThat(completed("script", "se")).containsExactly("setup.tiny");
        assertThat(completed("run", "--r")).containsExactly("version");
        assertThat(engine.requests).extracting(Request::argv).containsExactly(List.of("__complete", "--elsewhere", "--", "v"),
                List.of("__complete", "--elsewhere", "--", "help", "v"),
                List.of("__complete", "--elsewhere", "--", "run", "--r"));
    }

    @Test
    void filesAreCompletedByTheHostsNames() throws IOException {
        Files.createDirectories(directory.resolve("ours/root"));
        Files.createFile(directory.resolve("ours/root.tar"));
        engine.completes = "\tfile\t\n";
        // In the machine, which does not see that directory, a relative path would start from its root.
        assertThat(client.execute(directory.resolve("ours"), Map.of(), "__complete", "--", "load", "-i", "ro").out())
                .isEqualTo("root.tar\t1\t\nroot/\t0\t\n");
        assertThat(completed("cp", directory + "/ours/")).containsExactly(directory + "/ours/root.tar",
                directory + "/ours/root/");
        engine.completes = "--rootfs=\tdirectory\t\n";
        assertThat(completed("run", "--rootfs=" + directory + "/ours/r"))
                .containsExactly("--rootfs=" + directory + "/ours/root/");
        engine.completes = "web:\t0\tUp\n\tfile\t\n";
        assertThat(completed("cp", directory + "/none/w")).containsExactly("web:");
        assertThat(completed("cp", "web:/")).containsExactly("web:");
    }

    @Test
    void inputThatOneLineHasReadToItsEndIsAtItsEndForTheNext() throws Exception {
        script("s", "read", "read");
        try (FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("script", "s"))) {
            typeAll(channel, "secret");
            assertThat(HostClient.end(channel)).isEqualTo(new HostClient.Ended(0, "", ""));
        }
        assertThat(engine.heard).filteredOn(heard -> heard.startsWith("STDIN")).containsExactly("STDIN secret", "STDIN_EOF ",
                "STDIN_EOF ");
    }

    /** Whoever presses Tab has asked for nothing. */
    @Test
    void completionStartsNoMachine() throws IOException {
        recorded.in("stopped");
        assertThat(completed("v")).containsExactly("vm");
        assertThat(recorded.asked()).noneMatch(words -> words.contains("start"));
    }
}
