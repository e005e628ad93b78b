package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;

import java.util.ArrayList;
import java.util.List;

/**
 * A line cut into words as a shell cuts it, without expanding anything: blanks separate, single quotes keep everything,
 * double quotes keep everything but a backslash before {@code "} and {@code \}, a backslash keeps the next character,
 * and {@code #} at the beginning of a word starts a comment. Quotes make empty words. A backslash at the end of a line
 * joins it with the next.
 *
 * @param list the words in order
 * @param open what is still missing at the end of the line: a closing quote or what follows a backslash; empty on a
 *            whole line
 */
public record Words(List<Word> list, String open) {

    /** One word, and where in the line it is written: {@code end} is the index after its last character. */
    public record Word(String text, int start, int end) {
    }

    public Words {
        list = List.copyOf(list);
    }

    public static Words of(String line) {
        return new Cutter(line).cut();
    }

    /** Whether the line needs another one to be whole. */
    public boolean isOpen() {
        return !open.isEmpty();
    }

    /**
     * The words alone.
     *
     * @throws InvalidRequest where the line is not whole
     */
    public List<String> argv() {
        if (isOpen()) {
            String line = list.isEmpty() ? open : list.getLast().text();
            throw new InvalidRequest("read '" + line + "'",
                    open.equals("\\") ? "the line ends with a backslash" : "a quote (" + open + ") is not closed",
                    "close it, or write a backslash before it");
        }
        return list.stream().map(Word::text).toList();
    }

    private static final class Cutter {

        private final String line;
        private final List<Word> words = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private int start = -1;
        private int at;

        Cutter(String line) {
            this.line = line;
        }

        Words cut() {
            String open = "";
            while (at < line.length() && open.isEmpty()) {
                char c = line.charAt(at);
                if (Character.isWhitespace(c)) {
                    finish(at++);
                } else if (c == '#' && start < 0) {
                    int newline = line.indexOf('\n', at);
                    at = newline < 0 ? line.length() : newline;
                } else {
                    open = switch (c) {
                        case '\'' -> quoted(c);
                        case '"' -> quoted(c);
                        case '\\' -> escaped();
                        default -> plain(c);
                    };
                }
            }
            finish(line.length());
            return new Words(words, open);
        }

        private String plain(char c) {
            begin();
            word.append(c);
            at++;
            return "";
        }

        private String escaped() {
            if (at + 1 == line.length()) {
                at++;
                return "\\";
            }
            if (line.charAt(at + 1) != '\n') {
                begin();
                word.append(line.charAt(at + 1));
            }
            at += 2;
            return "";
        }

        private String quoted(char quote) {
            begin();
            for (at++; at < line.length(); at++) {
                char c = line.charAt(at);
                if (c == quote) {
                    at++;
                    return "";
                }
                if (c == '\\' && quote == '"' && at + 1 < line.length() && "\"\\\n".indexOf(line.charAt(at + 1)) >= 0) {
                    c = line.charAt(++at);
                    if (c == '\n') {
                        continue;
                    }
                }
                word.append(c);
            }
            return String.valueOf(quote);
        }

        private void begin() {
            if (start < 0) {
                start = at;
            }
        }

        private void finish(int end) {
            if (start >= 0) {
                words.add(new Word(word.toString(), start, end));
                word.setLength(0);
                start = -1;
            }
        }
    }
}
