package dev.tinydocker.shell;

import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CommandDispatcherTests {

    private final TestShell shell = new TestShell();

    @Test
    void noWordsAreHelp() {
        TestShell.Result result = shell.argv();
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("Usage: tiny COMMAND").contains("  run ").contains("  ps ");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void theProgramsOwnNameBeforeACommandSaysNothing() {
        shell.containers.exitCode = 42;
        assertThat(shell.line("./tiny run busybox").status()).isEqualTo(42);
        assertThat(shell.line("tiny run busybox").status()).isEqualTo(42);
        assertThat(shell.line("tiny").out()).startsWith("Usage: tiny COMMAND");
        assertThat(shell.line("tiny tiny ps").status()).isEqualTo(1);
    }

    @Test
    void helpAndVersionAreOptionsToo() {
        assertThat(shell.line("--help")).isEqualTo(shell.line("help"));
        assertThat(shell.line("-h").out()).startsWith("Usage: tiny COMMAND");
        assertThat(shell.line("--version")).isEqualTo(shell.line("version"));
        assertThat(shell.line("-v").status()).isZero();
    }

    @Test
    void unknownCommandsAreOne() {
        assertThat(shell.line("rnu busybox")).isEqualTo(
                new TestShell.Result(1, "", "cannot execute 'rnu': there is no such command; did you mean 'run'?\n"));
    }

    @Test
    void optionsThatCannotBeUnderstoodAre125() {
        assertThat(shell.line("ps --nope").status()).isEqualTo(125);
        assertThat(shell.line("ps -n x").status()).isEqualTo(125);
        assertThat(shell.line("run --nope busybox").status()).isEqualTo(125);
        assertThat(shell.line("run -m 12x busybox").status()).isEqualTo(125);
    }

    @Test
    void theWrongNumberOfArgumentsIsOne() {
        assertThat(shell.line("run").status()).isEqualTo(1);
        assertThat(shell.line("ps x").status()).isEqualTo(1);
    }

    @Test
    void theExitStatusIsTheContainers() {
        shell.containers.exitCode = 42;
        assertThat(shell.line("run busybox sh -c 'exit 42'").status()).isEqualTo(42);
    }

    @Test
    void problemsOfRunHaveDockersStatuses() {
        shell.containers.refusal = new CannotExecute("start 'x'", "no such file", "", true);
        assertThat(shell.line("run busybox nope").status()).isEqualTo(127);
        shell.containers.refusal = new CannotExecute("start 'x'", "permission denied", "", false);
        assertThat(shell.line("run busybox /etc/passwd").status()).isEqualTo(126);
        shell.containers.refusal = new NotFound("run 'nope'", "there is none", "");
        assertThat(shell.line("run nope").status()).isEqualTo(125);
        shell.containers.refusal = new Conflict("name it", "taken", "");
        assertThat(shell.line("run busybox").status()).isEqualTo(125);
        shell.containers.refusal = new HostLacks("start 'x'", "no overlay", "");
        assertThat(shell.line("run busybox").status()).isEqualTo(125);
        shell.containers.refusal = new SystemFailure("start 'x'", "mount: EINVAL (Invalid argument)", "try ext4");
        assertThat(shell.line("run busybox"))
                .isEqualTo(new TestShell.Result(125, "",
                "cannot start 'x': mount: EINVAL (Invalid argument); try ext4\n"));
    }

    @Test
    void whatNobodyExpectedIsOneLineAndTheLogsPath() {
        shell.containers.whileRunning = () -> {
            throw new IllegalStateException("boom");
        };
        assertThat(shell.line("run busybox")).isEqualTo(new TestShell.Result(125, "",
                "cannot execute 'run': IllegalStateException was not expected; see /var/t/engine.log\n"));
        assertThat(shell.session.calls).containsExactly("cooked", "restored");
    }

    @Test
    void helpOfOneCommandIsTheSameInAllSpellings() {
        String help = shell.line("help run").out();
        assertThat(help).startsWith("Usage: tiny run [OPTIONS] IMAGE [COMMAND] [ARG...]\n")
                .contains("  -m, --memory SIZE ").contains("      --rm ")
                .contains("Example:\n  tiny run --rm -it busybox sh\n");
        assertThat(shell.line("run --help").out()).isEqualTo(help);
        assertThat(shell.line("run --rm --help").out()).isEqualTo(help);
        assertThat(shell.line("help ps").out()).isEqualTo(shell.line("ps -h").out());
        assertThat(shell.line("help rnu")).isEqualTo(
                new TestShell.Result(1, "", "cannot execute 'rnu': there is no such command; did you mean 'run'?\n"));
    }

    @Test
    void everyCommandHasHelpWhoseColumnsStandBelowOneAnother() {
        shell.registry.getCommands().stream().filter(command -> !command.getGroup().isEmpty()).forEach(command -> {
            String help = shell.line(command.getName() + " --help").out();
            assertThat(help).as(command.getName()).startsWith("Usage: tiny " + command.getName())
                    .contains("\nExample:\n  tiny ");
            assertThat(help.lines()).as(command.getName()).allMatch(line -> line.length() <= 120);
        });
    }
}
