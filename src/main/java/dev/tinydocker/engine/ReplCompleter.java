package dev.tinydocker.engine;

import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

import java.util.ArrayList;
import java.util.List;

/** Asks the engine what a word could become: it alone knows its containers. */
final class ReplCompleter implements Completer {

    private final CommandExecutor executor;

    ReplCompleter(CommandExecutor executor) {
        this.executor = executor;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> argv = new ArrayList<>(List.of("__complete", "--"));
        argv.addAll(line.words());
        executor.output(argv).lines().map(ReplCompleter::candidate).forEach(candidates::add);
        if (line.wordIndex() == 0) {
            Repl.LEAVE.stream().filter(word -> word.startsWith(line.word()))
                    .map(word -> new Candidate(word, word, null, "Leave this shell", null, null, true))
                    .forEach(candidates::add);
        }
    }

    /** A line of the command {@code __complete}. */
    private static Candidate candidate(String line) {
        String[] fields = line.split("\t", 3);
        String description = fields[2].isEmpty() ? null : fields[2];
        return new Candidate(fields[0], fields[0], null, description, null, null, fields[1].equals("1"));
    }
}
