package dev.tinydocker.log;

/**
 * Counts lines from the end: a line in several parts is one line, unless the other stream's lines come between its
 * parts.
 */
final class Tail {

    private int wanted;
    private boolean seenStdout;
    private boolean seenStderr;

    Tail(int wanted) {
        this.wanted = wanted;
    }

    /**
     * Whether the next entry, going back, is among the last lines. After the first no, there is no further question.
     */
    boolean wants(boolean stderr, boolean partial) {
        boolean first = stderr ? !seenStderr : !seenStdout;
        if (stderr) {
            seenStderr = true;
        } else {
            seenStdout = true;
        }
        // A part that nothing follows is a line that never ended; any other one belongs to a line that was counted.
        if (partial && !first) {
            return true;
        }
        return wanted-- > 0;
    }
}
