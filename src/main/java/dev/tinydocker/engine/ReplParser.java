package dev.tinydocker.engine;

import dev.tinydocker.shell.Words;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

import java.util.ArrayList;
import java.util.List;

/** Cuts the line at the prompt as scripts are cut. A quote that is not closed asks for another line. */
final class ReplParser implements Parser {

    private static final String SPECIAL = " \t\n'\"\\#";

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        Words whole = Words.of(line);
        if (whole.isOpen() && context == ParseContext.ACCEPT_LINE) {
            throw new EOFError(-1, -1, "the line is not whole", whole.open());
        }
        return new Line(line, cursor);
    }

    /** The line up to the cursor: what is behind it is not completed and stays where it is. */
    private static final class Line implements CompletingParsedLine {

        private final String line;
        private final int cursor;
        private final List<String> words = new ArrayList<>();
        private final String raw;

        Line(String line, int cursor) {
            this.line = line;
            this.cursor = cursor;
            String before = line.substring(0, cursor);
            List<Words.Word> cut = Words.of(before).list();
            cut.forEach(word -> words.add(word.text()));
            boolean within = !cut.isEmpty() && cut.getLast().end() == cursor;
            raw = within ? before.substring(cut.getLast().start()) : "";
            if (!within) {
                words.add("");
            }
        }

        @Override
        public String word() {
            return words.getLast();
        }

        @Override
        public int wordCursor() {
            return word().length();
        }

        @Override
        public int wordIndex() {
            return words.size() - 1;
        }

        @Override
        public List<String> words() {
            return words;
        }

        @Override
        public String line() {
            return line;
        }

        @Override
        public int cursor() {
            return cursor;
        }

        @Override
        public int rawWordCursor() {
            return raw.length();
        }

        @Override
        public int rawWordLength() {
            return raw.length();
        }

        /** Goes on with the quote that was begun with, else writes backslashes. */
        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            char first = raw.isEmpty() ? 0 : raw.charAt(0);
            boolean quotable = candidate.chars().noneMatch(c -> c == first || c == '\\');
            if ((first == '\'' || first == '"') && quotable) {
                return first + candidate.toString() + (complete ? first : "");
            }
            StringBuilder escaped = new StringBuilder();
            candidate.chars().forEach(c -> {
                if (SPECIAL.indexOf(c) >= 0) {
                    escaped.append('\\');
                }
                escaped.append((char) c);
            });
            return escaped;
        }
    }
}
