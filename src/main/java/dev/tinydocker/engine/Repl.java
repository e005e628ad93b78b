package dev.tinydocker.engine;

import dev.tinydocker.linux.Processes;
import dev.tinydocker.shell.CommandDispatcher;
import dev.tinydocker.shell.Words;
import dev.tinydocker.store.Layout;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** The interactive shell: reads a line at the prompt, has it executed, and prompts again. */
@Component
public final class Repl {

    private static final Logger LOG = LoggerFactory.getLogger(Repl.class);

    /** The words that end it. */
    static final List<String> LEAVE = List.of("exit", "quit");

    private static final File NOTHING = new File("/dev/null");
    private static final String PROMPT = "tiny> ";
    private static final String GOES_ON = "    > ";

    private final ObjectProvider<CommandDispatcher> dispatcher;
    private final Layout layout;

    Repl(ObjectProvider<CommandDispatcher> dispatcher, Layout layout) {
        this.dispatcher = dispatcher;
        this.layout = layout;
    }

    /**
     * Runs at this JVM's terminal until the user leaves; commands are executed here, in the engine. Returns the exit
     * status.
     */
    int run() throws IOException {
        return run(terminal -> new LocalExecutor(dispatcher.getObject()::execute, terminal));
    }

    /** The same where another JVM is the engine: each line is sent there. */
    public int runForwarding() throws IOException {
        return run(terminal -> new EngineExecutor(layout.engineSocket(), terminal, Repl::startEngine));
    }

    /**
     * Has the launcher do it, as for any command: it knows how, and builds first what is to be built. A script without
     * a line needs nothing else, also where the engine is in a virtual machine.
     */
    private static void startEngine() throws IOException {
        String home = System.getenv("TINY_HOME");
        if (home == null) {
            throw new IOException("TINY_HOME does not say where the launcher is");
        }
        Process launcher = Processes.start(new ProcessBuilder(home + "/tiny", "script", "/dev/null")
                .redirectInput(Redirect.from(NOTHING)).redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT));
        try {
            if (launcher.waitFor() != 0) {
                throw new IOException("another one did not start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private int run(Function<ReplTerminal, CommandExecutor> maker) throws IOException {
        try (ReplTerminal terminal = ReplTerminal.open()) {
            CommandExecutor executor = maker.apply(terminal);
            LineReader reader = reader(terminal, executor, layout.history());
            return loop(reader, executor);
        }
    }

    static LineReader reader(ReplTerminal terminal, CommandExecutor executor, Path history) {
        return LineReaderBuilder.builder().appName("tiny").terminal(terminal.line()).parser(new ReplParser())
                .completer(new ReplCompleter(executor)).variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, GOES_ON).option(LineReader.Option.INSERT_TAB, false)
                .option(LineReader.Option.AUTO_MENU, false).option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .build();
    }

    static int loop(LineReader reader, CommandExecutor executor) {
        while (true) {
            List<String> argv;
            try {
                argv = Words.of(reader.readLine(PROMPT)).argv();
            } catch (UserInterruptException e) {
                continue;
            } catch (EndOfFileException e) {
                return 0;
            }
            if (!argv.isEmpty()) {
                if (LEAVE.contains(argv.getFirst())) {
                    return 0;
                }
                execute(argv, reader, executor);
            }
        }
    }

    /** Whatever happens, there is a next prompt. */
    private static void execute(List<String> argv, LineReader reader, CommandExecutor executor) {
        try {
            executor.execute(argv);
        } catch (RuntimeException e) {
            LOG.error("{} failed unexpectedly", argv.getFirst(), e);
            reader.printAbove("cannot execute '" + argv.getFirst() + "': " + e.getClass().getSimpleName()
                    + " was not expected; the engine's log tells more");
        }
    }
}
