package dev.tinydocker.engine;

import org.jline.terminal.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplTests {

    @TempDir
    private Path directory;

    private TypedTerminal user;
    private final List<List<String>> executed = new ArrayList<>();
    private String offered = "";

    private final CommandExecutor executor = new CommandExecutor() {
        @Override
        public int execute(List<String> argv) {
            executed.add(argv);
            return 3;
        }

        @Override
        public String output(List<String> argv) {
            return argv.getLast().isEmpty() ? "" : offered;
        }
    };

    @BeforeEach
    void terminal() throws IOException {
        user = new TypedTerminal();
    }

    @AfterEach
    void close() throws IOException {
        user.close();
    }

    private int run(String typed) {
        user.type(typed);
        return Repl.loop(Repl.reader(user.terminal, executor, directory.resolve("history")), executor);
    }

    @Test
    void linesAreCutAsInScripts() {
        assertThat(run("run 'a b' c # no\r\r  \rps !x\rexit\r")).isZero();
        assertThat(executed).containsExactly(List.of("run", "a b", "c"), List.of("ps", "!x"));
    }

    /** As one is without TIOCSWINSZ: ssh -tt from where there is no terminal. */
    @Test
    void theWholePromptIsShownWhereNobodySaysHowWideTheTerminalIs() throws IOException {
        try (TypedTerminal unknown = new TypedTerminal(new Size(0, 0))) {
            unknown.type("exit\r");
            Repl.loop(Repl.reader(unknown.terminal, executor, directory.resolve("history")), executor);
            unknown.awaitShown(screen -> screen.contains("tiny> "));
            assertThat(unknown.terminal.columns()).isEqualTo(80);
            assertThat(unknown.terminal.rows()).isEqualTo(24);
        }
    }

    @Test
    void anOpenQuoteGoesOnInTheNextLine() {
        run("run 'a\rb' \\\rc\rquit\r");
        assertThat(executed).containsExactly(List.of("run", "a\nb", "c"));
    }

    @Test
    void controlCThrowsTheLineAway() {
        CompletableFuture<Void> typing = CompletableFuture.runAsync(() -> {
            user.awaitShown(screen -> screen.contains("tiny> "));
            user.type("rubbish");
            user.awaitShown(screen -> screen.contains("rubbish"));
            user.type("\003");
            user.awaitShown(screen -> screen.indexOf("tiny> ", screen.indexOf("rubbish")) > 0);
            user.type("ps\rexit\r");
        });
        run("");
        typing.join();
        assertThat(executed).containsExactly(List.of("ps"));
    }

    @Test
    void controlDEnds() {
        assertThat(run("ps\r\004")).isZero();
        assertThat(executed).hasSize(1);
    }

    @Test
    void theTabKeyCompletesAWord() {
        offered = "stop\t1\tStop containers\n";
        run("st\tweb\rexit\r");
        assertThat(executed).containsExactly(List.of("stop", "web"));
    }

    @Test
    void whatIsCompletedIsQuotedWhereNeeded() {
        offered = "my files/\t0\t\n";
        run("script my\t\rscript \"my\t\"\rexit\r");
        assertThat(executed).containsExactly(List.of("script", "my files/"), List.of("script", "my files/"));
    }

    @Test
    void theHistoryIsKept() {
        run("ps -a\rexit\r");
        assertThat(directory.resolve("history")).content().contains("ps -a");
    }
}
