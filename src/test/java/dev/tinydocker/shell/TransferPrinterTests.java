package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.image.PullProgress.Phase;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class TransferPrinterTests {

    private final TestSession session = new TestSession();

    private String printed() {
        return session.out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutATerminalALayerIsALineWhenItHasCome() {
        try (TransferPrinter printer = new TransferPrinter(session, TransferPrinter.Way.PULL, false)) {
            printer.note("1: Pulling from web");
            printer.layer("aaa", Phase.WAITING, 0, 10);
            printer.layer("aaa", Phase.DOWNLOADING, 5, 10);
            printer.layer("bbb", Phase.EXISTS, 10, 10);
            printer.layer("aaa", Phase.DONE, 10, 10);
        }
        assertThat(printed()).isEqualTo("1: Pulling from web\nbbb: Already exists\naaa: Pull complete\n");
    }

    @Test
    void onATerminalEachLayerHasALineThatIsDrawnAgain() {
        session.tty = new Session.Tty(true, true, true, 24, 120);
        try (TransferPrinter printer = new TransferPrinter(session, TransferPrinter.Way.PULL, false)) {
            printer.layer("aaa", Phase.WAITING, 0, 10);
            printer.layer("bbb", Phase.WAITING, 0, 10);
            printer.layer("aaa", Phase.DONE, 10, 10);
        }
        assertThat(printed()).startsWith("\r\033[2Kaaa: Waiting\n\033[1A\r\033[2Kaaa: Waiting\n\r\033[2Kbbb: Waiting\n")
                .endsWith("\033[2A\r\033[2Kaaa: Pull complete\n\r\033[2Kbbb: Waiting\n");
    }

    @Test
    void aTerminalWithFewLinesShowsTheLastLayers() {
        session.tty = new Session.Tty(true, true, true, 4, 80);
        try (TransferPrinter printer = new TransferPrinter(session, TransferPrinter.Way.PULL, false)) {
            for (int i = 0; i < 9; i++) {
                printer.layer("layer" + i, Phase.WAITING, 0, 10);
            }
        }
        assertThat(printed()).endsWith("\033[3A\r\033[2Klayer6: Waiting\n\r\033[2Klayer7: Waiting\n\r\033[2Klayer8: Waiting\n");
    }

    @Test
    void whoIsQuietOrGoneIsToldNothing() {
        TransferPrinter printer = new TransferPrinter(session, TransferPrinter.Way.PUSH, true);
        printer.layer("aaa", Phase.DONE, 10, 10);
        printer.note("said");
        TransferPrinter gone = new TransferPrinter(session, TransferPrinter.Way.PUSH, false);
        gone.close();
        gone.layer("aaa", Phase.DONE, 10, 10);
        gone.note("said");
        printer.close();
        assertThat(printed()).isEmpty();
    }
}
