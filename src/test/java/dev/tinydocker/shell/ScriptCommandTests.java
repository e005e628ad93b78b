package dev.tinydocker.shell;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class ScriptCommandTests {

    private final TestShell shell = new TestShell();

    @TempDir
    private Path directory;

    @BeforeEach
    void directory() {
        shell.session.directory = directory;
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @Test
    void aCommandALineWithCommentsAndBlanks() throws IOException {
        file("s", "#!/usr/bin/env tiny\n\n# stop them\nstop a # the first\n  stop b\r\nrun -d busybox echo 'two\nlines' \\\n  more\n");
        assertThat(shell.line("script s")).isEqualTo(new TestShell.Result(0, "a\nb\n" + RecordingContainers.ID + "\n",
                ""));
        assertThat(shell.containers.calls).containsExactly("stop a", "stop b", "run detached");
        assertThat(shell.containers.spec.command()).containsExactly("echo", "two\nlines", "more");
    }

    @Test
    void theFirstFailureEndsItWithItsStatus() throws IOException {
        file("s", "stop a\n\nexec -q web ls\nstop b\n");
        assertThat(shell.line("script s")).isEqualTo(new TestShell.Result(125, "a\n",
                "cannot use '-q' with 'exec': there is no such option; 'help exec' lists them all\ns: line 3 ended with 125\n"));
        assertThat(shell.containers.calls).containsExactly("stop a");
    }

    @Test
    void keepGoingEndsWithTheFirstFailureAllTheSame() throws IOException {
        shell.containers.exitCode = 4;
        file("s", "stop a\nrun busybox false\nnope\nstop b\n");
        TestShell.Result result = shell.line("script --keep-going s");
        assertThat(result.status()).isEqualTo(4);
        assertThat(result.out()).isEqualTo("a\nb\n");
        assertThat(result.err()).contains("s: line 2 ended with 4\n", "s: line 3 ended with 1\n");
    }

    @Test
    void aPathIsAScript() throws IOException {
        file("s", "stop a\n");
        assertThat(shell.argv("./s").out()).isEqualTo("a\n");
        assertThat(shell.argv(directory + "/s").out()).isEqualTo("a\n");
        assertThat(shell.argv("s").status()).isEqualTo(1);
        assertThat(shell.argv("./missing").err()).startsWith("cannot execute './missing': there is no such command");
    }

    @Test
    void standardInputIsTheScriptsAndNobodyElses() {
        shell.session.typed = "stop a\nrun -i busybox cat\nstop b\n";
        assertThat(shell.line("script -")).isEqualTo(new TestShell.Result(0, "a\nb\n", ""));
        assertThat(shell.containers.input).hasToString("<end>");
        assertThat(shell.session.calls).containsExactly("cooked", "restored");
    }

    @Test
    void aScriptThatIsReadFromStandardInputHasNoTerminal() {
        shell.session.tty = new Session.Tty(true, true, true, 24, 80);
        shell.session.typed = "run -it busybox sh\n";
        assertThat(shell.line("script -").err()).contains("the input device is not a TTY",
                "standard input: line 1 ended with 125");
    }

    @Test
    void aFilesScriptLeavesTheInputToItsContainers() throws IOException {
        shell.session.typed = "typed";
        file("s", "run -i busybox cat\n");
        shell.line("script s");
        assertThat(shell.containers.input).hasToString("typed<end>");
    }

    @Test
    void exitEndsIt() throws IOException {
        file("s", "stop a\nexit\nstop b\n");
        assertThat(shell.line("script s").out()).isEqualTo("a\n");
        file("s", "stop a\nexit 7\nstop b\n");
        assertThat(shell.line("script s")).isEqualTo(new TestShell.Result(7, "a\n", ""));
        file("s", "quit 256\n");
        assertThat(shell.line("script s").status()).isEqualTo(1);
    }

    @Test
    void anInterruptEndsIt() throws IOException {
        file("s", "run busybox\nstop a\n");
        shell.containers.whileRunning = () -> shell.session.interrupts.getFirst().run();
        assertThat(shell.line("script -k s").status()).isEqualTo(130);
        assertThat(shell.containers.calls).containsExactly("run attached");
    }

    @Test
    void scriptsMayCallScriptsButNotThemselvesForEver() throws IOException {
        file("outer", "script inner\nstop b\n");
        file("inner", "stop a\n");
        assertThat(shell.line("script outer").out()).isEqualTo("a\nb\n");
        file("loop", "script loop\n");
        TestShell.Result result = shell.line("script loop");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith("cannot execute 'loop': scripts execute one another 16 deep; look for one that executes itself\n");
    }

    @Test
    void whatCannotBeReadIsSaid() throws IOException {
        file("open", "stop a\nrun 'busy\nbox\n");
        assertThat(shell.line("script open")).isEqualTo(new TestShell.Result(1, "a\n",
                "cannot read 'open': line 2: a quote (') is not closed\n"));
        assertThat(shell.line("script missing").err()).startsWith("cannot read 'missing': there is no such file;");
        assertThat(shell.line("script .").err()).startsWith("cannot read '.': it is a directory;");
        assertThat(shell.line("script").status()).isEqualTo(1);
    }
}
