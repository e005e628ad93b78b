package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerState;
import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import static org.assertj.core.api.Assertions.assertThat;

/** stop, kill, rm, wait, attach, exec, serve. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContainerCommandsTests {

    private final TestShell shell = new TestShell();

    @Test
    void eachIdIsPrintedBackInOrder() {
        assertThat(shell.line("stop a b c")).isEqualTo(new TestShell.Result(0, "a\nb\nc\n", ""));
        assertThat(shell.containers.calls).containsExactlyInAnyOrder("stop a", "stop b", "stop c");
    }

    @Test
    void oneFailureStopsNoOther() {
        shell.containers.problems.put("b", RecordingContainers.unknown("b"));
        assertThat(shell.line("rm a b c")).isEqualTo(new TestShell.Result(1, "a\nc\n",
                "cannot find the container 'b': there is none; 'ps -a' lists them all\n"));
        assertThat(shell.containers.calls).containsExactlyInAnyOrder("remove a", "remove c");
    }

    @Test
    void whatIsRemovedByForceMayBeGone() {
        shell.containers.problems.put("b", RecordingContainers.unknown("b"));
        assertThat(shell.line("rm -fv a b")).isEqualTo(new TestShell.Result(0, "a\n",
                "cannot find the container 'b': there is none; 'ps -a' lists them all\n"));
        assertThat(shell.containers.calls).containsExactly("remove a by force");
        shell.containers.problems.put("b", new Conflict("remove 'b'", "it is busy", ""));
        assertThat(shell.line("rm -f b").status()).isEqualTo(1);
    }

    @Test
    void stopWaitsAsLongAsAsked() {
        shell.line("stop -t 3 a");
        shell.line("stop a --time=0");
        shell.line("stop --timeout 7 a");
        shell.line("stop -s INT -t 1 a");
        assertThat(shell.containers.calls).containsExactly("stop a 3", "stop a 0", "stop a 7", "stop a by 2 1");
        assertThat(shell.line("stop -t -2 a").err()).startsWith("cannot wait -2 seconds: that is no time to wait;");
        assertThat(shell.line("stop -t soon a").status()).isEqualTo(125);
    }

    @Test
    void killTakesNamesAndNumbers() {
        shell.line("kill a");
        shell.line("kill -s HUP a");
        shell.line("kill -s SIGUSR1 a");
        shell.line("kill --signal=9 a");
        shell.line("kill -s RTMIN+1 a");
        assertThat(shell.containers.calls).containsExactly("kill a 9", "kill a 1", "kill a 10", "kill a 9",
                "kill a 35");
        assertThat(shell.line("kill -s NOPE a").err())
                .startsWith("cannot use the signal 'NOPE': there is no such signal;");
    }

    @Test
    void waitPrintsExitStatuses() {
        shell.containers.exitCode = 3;
        assertThat(shell.line("wait a b")).isEqualTo(new TestShell.Result(0, "3\n3\n", ""));
    }

    @Test
    void anInterruptEndsTheWaiting() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        TestShell endless = new TestShell(new RecordingContainers() {
            @Override
            public int await(String reference) {
                waits.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return 0;
            }
        });
        Thread user = Thread.ofPlatform().start(() -> {
            try {
                waits.await();
            } catch (InterruptedException e) {
                return;
            }
            endless.session.interrupts.getFirst().run();
        });
        assertThat(endless.line("wait a").status()).isEqualTo(130);
        user.join();
        never.countDown();
        assertThat(endless.session.interrupts).isEmpty();
    }

    @Test
    void attachJoinsAndEndsWithTheContainersStatus() {
        shell.add("web", ContainerState.RUNNING, Duration.ZERO, null, "httpd");
        shell.containers.exitCode = 7;
        shell.containers.output = "served\n";
        assertThat(shell.line("attach web")).isEqualTo(new TestShell.Result(7, "served\n", ""));
        assertThat(shell.session.calls).containsExactly("cooked", "restored");
        assertThat(shell.line("attach nobody").status()).isEqualTo(1);
    }

    @Test
    void attachWithoutInputKeepsItFromTheContainer() {
        shell.add("web", ContainerState.RUNNING, Duration.ZERO, null, "httpd");
        shell.session.typed = "typed";
        shell.line("attach --no-stdin web");
        assertThat(shell.containers.input).isEmpty();
        shell.line("attach --no-stdin=false --sig-proxy=false web");
        assertThat(shell.containers.input).hasToString("typed<end>");
    }

    @Test
    void execTakesItsWordsAndItsOptions() {
        shell.session.environment.put("USER", "me");
        assertThat(shell.line("exec -i -e A=1 -e USER -w /tmp -u nobody web sh -c 'echo -e'").status()).isZero();
        assertThat(shell.containers.calls).containsExactly("exec web attached");
        assertThat(shell.containers.exec).hasToString("ExecSpec[command=[sh, -c, echo -e], environment={A=1, USER=me}, "
                + "workingDirectory=/tmp, user=nobody, tty=false, openStdin=true, privileged=false]");
    }

    @Test
    void execInTheBackgroundPrintsNothing() {
        assertThat(shell.line("exec -dit web sleep 9")).isEqualTo(new TestShell.Result(0, "", ""));
        assertThat(shell.containers.calls).containsExactly("exec web detached");
    }

    @Test
    void execHasDockersStatuses() {
        shell.containers.exitCode = 5;
        assertThat(shell.line("exec web sh -c 'exit 5'").status()).isEqualTo(5);
        shell.containers.refusal = new Conflict("execute in 'web'", "it is not running", "");
        assertThat(shell.line("exec web ls").status()).isEqualTo(1);
        shell.containers.refusal = RecordingContainers.unknown("web");
        assertThat(shell.line("exec web ls").status()).isEqualTo(1);
        shell.containers.refusal = new CannotExecute("execute in 'web'", "no such file", "", true);
        assertThat(shell.line("exec web nope").status()).isEqualTo(127);
        shell.containers.refusal = new SystemFailure("execute in 'web'", "setns: EPERM", "");
        assertThat(shell.line("exec web ls").status()).isEqualTo(125);
        assertThat(shell.line("exec web").status()).isEqualTo(1);
        assertThat(shell.line("exec -w x web ls").status()).isEqualTo(125);
        assertThat(shell.line("exec -it web sh").err()).contains("the input device is not a TTY");
    }

    @Test
    void anEngineServesAlready() {
        assertThat(shell.line("serve").err()).startsWith("cannot serve: an engine serves here already, it is process ");
    }
}
