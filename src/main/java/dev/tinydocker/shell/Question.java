package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Asks the user at the terminal; where there is none, nobody is asked, and nothing is done that needs an answer. */
final class Question {

    private static final int LONGEST = 1 << 16;

    private Question() {
    }

    /**
     * Asks whether what cannot be had back is to go.
     *
     * @param object what goes, for the refusal where nobody can be asked
     * @return false where the answer is anything but yes
     */
    static boolean mayGo(Invocation invocation, String object, String warning) {
        Session session = invocation.session();
        if (!session.tty().in() || !session.tty().out()) {
            throw new InvalidRequest("prune " + object, "what goes cannot be had back", "-f says that it is meant");
        }
        String answer = line(session, warning + "\nAre you sure you want to continue? [y/N] ").strip();
        return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
    }

    /** What the user types after this, without the end of the line. */
    static String line(Session session, String prompt) {
        session.out().print(prompt);
        session.out().flush();
        try {
            InputStream in = session.in();
            ByteArrayOutputStream typed = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0 && next != '\n' && typed.size() < LONGEST; next = in.read()) {
                typed.write(next);
            }
            return typed.toString(StandardCharsets.UTF_8).replaceFirst("\r$", "");
        } catch (IOException e) {
            throw new SystemFailure("read an answer", "the terminal cannot be read", "", e);
        }
    }
}
