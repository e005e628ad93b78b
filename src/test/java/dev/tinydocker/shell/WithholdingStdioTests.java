package dev.tinydocker.shell;

import dev.tinydocker.shim.Stdio;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class WithholdingStdioTests {

    private final List<String> heard = new ArrayList<>();
    private final List<Integer> left = new ArrayList<>();
    private Stdio.Input keyboard;

    private final Stdio user = new Stdio() {
        @Override
        public void connected(Input input) {
            keyboard = input;
        }

        @Override
        public void stdout(ByteBuffer bytes) {
            heard.add("stdout");
        }

        @Override
        public void stderr(ByteBuffer bytes) {
            heard.add("stderr");
        }

        @Override
        public void credit(int bytes) {
            heard.add("credit " + bytes);
        }
    };

    private final Stdio.Input process = new Stdio.Input() {
        @Override
        public void stdin(ByteBuffer bytes) {
            heard.add("stdin");
        }

        @Override
        public void stdinEof() {
            heard.add("end");
        }

        @Override
        public void resize(int rows, int columns) {
            heard.add("resize");
        }

        @Override
        public void signal(int signal) {
            heard.add("signal " + signal);
        }

        @Override
        public void unwanted() {
            heard.add("unwanted");
        }

        @Override
        public void leave() {
            heard.add("leave");
        }
    };

    private void everything(boolean input, boolean signals) {
        Stdio stdio = new WithholdingStdio(user, input, signals, left::add);
        stdio.connected(process);
        stdio.credit(5);
        keyboard.stdin(ByteBuffer.allocate(1));
        keyboard.stdinEof();
        keyboard.resize(1, 2);
        keyboard.signal(28);
        keyboard.signal(15);
        stdio.stdout(ByteBuffer.allocate(1));
        stdio.stderr(ByteBuffer.allocate(1));
    }

    @Test
    void inputThatIsWithheldIsNotEvenAskedFor() {
        everything(false, true);
        assertThat(heard).containsExactly("resize", "signal 28", "signal 15", "stdout", "stderr");
        assertThat(left).isEmpty();
    }

    @Test
    void aSignalThatWouldEndTheProcessEndsTheUsersPartAlone() {
        everything(true, false);
        assertThat(heard).containsExactly("credit 5", "stdin", "end", "resize", "leave", "stdout", "stderr");
        assertThat(left).containsExactly(15);
    }
}
