package dev.tinydocker.engine;

import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Stdio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.ToIntFunction;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalExecutorTests {

    private TypedTerminal user;
    private final BlockingQueue<String> input = new LinkedBlockingQueue<>();

    @BeforeEach
    void terminal() throws IOException {
        user = new TypedTerminal();
    }

    @AfterEach
    void close() throws IOException {
        user.close();
    }

    private int execute(ToIntFunction<Session> command) {
        return new LocalExecutor(_ -> command.applyAsInt(Session.current()), user.terminal).execute(List.of("x"));
    }

    private String next() {
        try {
            return input.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsPrintedIsShown() {
        assertThat(execute(session -> {
            session.out().print("hello ");
            session.err().println("oops");
            return 7;
        })).isEqualTo(7);
        assertThat(user.awaitShown(screen -> screen.contains("hello "))).endsWith("hello ");
        assertThat(user.error.toString(StandardCharsets.UTF_8)).isEqualTo("oops\n");
    }

    @Test
    void keysGoToTheContainerAsFarAsCreditedAndTheRestStays() {
        user.type("abcdef");
        execute(session -> {
            Stdio stdio = session.stdio(true);
            stdio.connected(new Container());
            stdio.credit(3);
            assertThat(next()).isEqualTo("<24x80>");
            StringBuilder keys = new StringBuilder();
            while (keys.length() < 3) {
                keys.append(next());
            }
            assertThat(keys).hasToString("abc");
            session.restore();
            return 0;
        });
        assertThat(user.next()).isEqualTo('d');
    }

    @Test
    void controlCIsASignalWhereTheTerminalIsNotRaw() {
        execute(session -> {
            Stdio stdio = session.stdio(false);
            stdio.connected(new Container());
            next();
            user.type("\003");
            assertThat(next()).isEqualTo("<signal 2>");
            session.restore();
            return 0;
        });
    }

    @Test
    void aContainerThatIgnoresControlCIsLeftAloneAtTheThird() {
        CountDownLatch left = new CountDownLatch(1);
        assertThat(execute(session -> {
            Stdio stdio = session.stdio(false);
            stdio.connected(new Container());
            next();
            user.type("\003");
            assertThat(next()).isEqualTo("<signal 2>");
            user.type("\003");
            assertThat(next()).isEqualTo("<signal 2>");
            user.type("\003");
            await(left);
            return 0;
        })).isEqualTo(130);
        left.countDown();
        assertThat(input).containsExactly("<left>");
        assertThat(user.error.toString(StandardCharsets.UTF_8))
                .isEqualTo("\nleft alone; a container that was started runs on, see 'ps'\n");
    }

    @Test
    void controlCIsAKeyWhereItIsRaw() {
        execute(session -> {
            Stdio stdio = session.stdio(true);
            stdio.connected(new Container());
            stdio.credit(10);
            next();
            user.type("\003");
            assertThat(next()).isEqualTo("\003");
            session.restore();
            return 0;
        });
    }

    @Test
    void controlCInterruptsWhoAskedForIt() {
        CountDownLatch interrupted = new CountDownLatch(1);
        assertThat(execute(session -> {
            try (Session.Interest _ = session.onInterrupt(interrupted::countDown)) {
                user.type("\003");
                await(interrupted);
            }
            return 130;
        })).isEqualTo(130);
    }

    @Test
    void whatCannotBeInterruptedIsLeftAloneAndIsNotSeenAgain() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        assertThat(execute(session -> {
            user.type("\003");
            await(left);
            session.out().print("too late");
            session.out().flush();
            Stdio stdio = session.stdio(true);
            stdio.connected(new Container());
            stdio.credit(10);
            stdio.stdout(ByteBuffer.wrap("late too".getBytes(StandardCharsets.UTF_8)));
            done.countDown();
            return 0;
        })).isEqualTo(130);
        left.countDown();
        done.await();
        assertThat(next()).isEqualTo("<24x80>");
        assertThat(next()).isEqualTo("<unwanted>");
        user.terminal.out(ByteBuffer.wrap("prompt".getBytes(StandardCharsets.UTF_8)));
        assertThat(user.awaitShown(screen -> screen.contains("prompt"))).doesNotContain("late");
    }

    @Test
    void whatIsTypedForACommandIsItsInputAsFarAsItReads() {
        user.type("one\ntwo");
        execute(session -> {
            byte[] bytes = new byte[4];
            try {
                int count = session.in().readNBytes(bytes, 0, 4);
                input.add(new String(bytes, 0, count, StandardCharsets.UTF_8));
            } catch (IOException e) {
                return 1;
            }
            return 0;
        });
        assertThat(input).containsExactly("one\n");
        assertThat(user.next()).isEqualTo('t');
    }

    @Test
    void outputIsKeptFromTheTerminal() {
        LocalExecutor executor = new LocalExecutor(argv -> {
            Session.current().out().println("for " + argv);
            return argv.size() - 1;
        }, user.terminal);
        assertThat(executor.output(List.of("x"))).isEqualTo("for [x]\n");
        assertThat(executor.output(List.of("x", "y"))).isEmpty();
    }

    private final class Container implements Stdio.Input {
        @Override
        public void stdin(ByteBuffer bytes) {
            input.add(StandardCharsets.UTF_8.decode(bytes).toString());
        }

        @Override
        public void stdinEof() {
            input.add("<end>");
        }

        @Override
        public void resize(int rows, int columns) {
            input.add("<" + rows + "x" + columns + ">");
        }

        @Override
        public void signal(int signal) {
            input.add("<signal " + signal + ">");
        }

        @Override
        public void unwanted() {
            input.add("<unwanted>");
        }

        @Override
        public void leave() {
            input.add("<left>");
        }
    }
}
