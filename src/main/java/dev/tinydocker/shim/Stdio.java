package dev.tinydocker.shim;

import java.nio.ByteBuffer;

/**
 * The user's end of a container's standard streams. The shim's connection calls it from one thread; a call that blocks
 * holds the container's output back, nothing is dropped.
 */
public interface Stdio {

    /** How large the user's terminal is now. Called before {@link #connected}, and in no order with anything else. */
    default Size size() {
        return Size.NONE;
    }

    /** Of a terminal, in characters. */
    record Size(int rows, int columns) {

        /** Of what is no terminal. */
        public static final Size NONE = new Size(0, 0);
    }

    /** Called once, before the other ones, with the way to send input. */
    void connected(Input input);

    /** Takes all remaining bytes of standard output, or of the terminal. */
    void stdout(ByteBuffer bytes);

    /** Takes all remaining bytes of standard error; never called for a terminal. */
    void stderr(ByteBuffer bytes);

    /**
     * The container can take that many bytes more of standard input. Nothing may be read from the user before the first
     * call.
     */
    void credit(int bytes);

    /**
     * What goes towards the container. Every method may be called from any thread; a call after the end does nothing.
     */
    interface Input {

        /** Sends bytes of standard input, no more than were credited. */
        void stdin(ByteBuffer bytes);

        /** Ends standard input. */
        void stdinEof();

        /** Tells the terminal's size. */
        void resize(int rows, int columns);

        /** Sends a signal, as Linux numbers it, to the process. */
        void signal(int signal);

        /** The user went before it was there: what was started for the user is killed, what ran before runs on. */
        void unwanted();

        /** The user goes: gives no more input and takes no more output, while the process runs on. */
        void leave();
    }
}
