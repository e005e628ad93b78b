package dev.tinydocker.engine;

import dev.tinydocker.shim.FrameChannel;

import java.util.List;

/** Does what clients ask for: an engine, or the way to one that is elsewhere. */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Executes the words of one command in the session that is bound, and returns its exit status; what goes wrong is
     * told to the user.
     */
    int execute(List<String> argv);

    /**
     * Answers a client without a session: sends it frames, EXIT the last of them, and hears it meanwhile. The caller
     * closes its connection.
     *
     * @return false where nothing was sent: the command gets a session, and is executed
     * @throws dev.tinydocker.problem.Problem where nothing was sent, and nothing can be done
     */
    default boolean answer(Request request, FrameChannel client) {
        return false;
    }
}
