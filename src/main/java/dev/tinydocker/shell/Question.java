package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks the user at the terminal; where there is none, nobody is asked, and nothing is done that needs an answer. */
final class Question {

    private static final int LONGEST = 1 << 16;
    private static final int CTRL_C = 3;
    private static final int CTRL_D = 4;
    private static final int CTRL_U = 21;
    private static final int BACKSPACE = 8;
    private static final int DELETE = 127;

    private Question() {
    }

    /** Whether there is a terminal to ask at. */
    static boolean canAsk(Session session) {
        return session.tty().in() && session.tty().out();
    }

    /** What the user types after this, without the end of the line. */
    static String line(Session session, String prompt) {
        return answer(session, prompt).orElse("");
    }

    /** The same; empty where there is no more to read: Ctrl-D was pressed, or the terminal is gone. */
    static Optional<String> answer(Session session, String prompt) {
        session.out().print(prompt);
        session.out().flush();
        return typed(session, false);
    }

    /**
     * The same, not shown while it is typed.
     *
     * @throws InvalidRequest where the user presses Ctrl-C
     */
    static String secret(Session session, String prompt) {
        session.out().print(prompt);
        session.out().flush();
        session.stdio(true);
        try {
            return typed(session, true).orElse("");
        } finally {
            session.restore();
            session.out().println();
        }
    }

    /** @param raw keys come as they are pressed, and those that edit a line must be heeded here */
    private static Optional<String> typed(Session session, boolean raw) {
        try {
            InputStream in = session.in();
            StringBuilder typed = new StringBuilder();
            int next = in.read();
            if (next < 0) {
                return Optional.empty();
            }
            for (; !ends(next, raw) && typed.length() < LONGEST; next = in.read()) {
                if (raw && next == CTRL_C) {
                    throw new InvalidRequest("ask for a password", "it was given up", "");
                } else if (raw && next == CTRL_U) {
                    typed.setLength(0);
                } else if (raw && (next == BACKSPACE || next == DELETE)) {
                    typed.setLength(lastCharacter(typed));
                } else {
                    typed.append((char) next);
                }
            }
            // Bytes until here, so that a character of several is one.
            byte[] bytes = typed.toString().getBytes(StandardCharsets.ISO_8859_1);
            return Optional.of(new String(bytes, StandardCharsets.UTF_8).replaceFirst("\r$", ""));
        } catch (IOException e) {
            throw new SystemFailure("read an answer", "the terminal cannot be read", "", e);
        }
    }

    private static boolean ends(int next, boolean raw) {
        return next < 0 || next == '\n' || raw && (next == '\r' || next == CTRL_D);
    }

    /** Where the last character begins: bytes 10xxxxxx go on with one of UTF-8. */
    private static int lastCharacter(CharSequence bytes) {
        int start = Math.max(bytes.length() - 1, 0);
        while (start > 0 && (bytes.charAt(start) & 0xc0) == 0x80) {
            start--;
        }
        return start;
    }
}
