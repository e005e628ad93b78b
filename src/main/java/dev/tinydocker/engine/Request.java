package dev.tinydocker.engine;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asks: the first frame of its connection, see docs/wire.md.
 *
 * @param v the version of what it speaks
 * @param cwd the directory that it was called in
 * @param tty which of its streams are a terminal, and how large that is
 * @param since when it was called, in nanoseconds of CLOCK_MONOTONIC; null where it does not say
 */
public record Request(int v, List<String> argv, String cwd, Map<String, String> env, Terminal tty,
        @Nullable Long since) {

    static final int VERSION = 1;
    /** Longer than an engine takes to start. */
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** One that does not say when it was asked. */
    public Request(int v, List<String> argv, String cwd, Map<String, String> env, Terminal tty) {
        this(v, argv, cwd, env, tty, null);
    }

    /** One that is asked in a session here. */
    public static Request of(List<String> words, Session session) {
        Session.Tty tty = session.tty();
        return new Request(VERSION, words, session.directory().toString(), session.environment(),
                new Terminal(tty.in(), tty.out(), tty.err(), tty.rows(), tty.columns()));
    }

    /** As the client's JSON has it. */
    public record Terminal(boolean in, boolean out, boolean err, int rows, int cols) {
    }

    /** @throws InvalidRequest where the bytes are no request of this version */
    public static Request parse(ByteBuffer payload) {
        try {
            return RequestReader.read(payload.array(), payload.arrayOffset() + payload.position(), payload.remaining());
        } catch (JacksonException e) {
            String why = e.getOriginalMessage().lines().findFirst().orElse("no JSON");
            throw new InvalidRequest("understand the client", why, "", e);
        }
    }

    /** @throws InvalidRequest where a client speaks another version */
    static void check(int version) {
        if (version != VERSION) {
            long pid = ProcessHandle.current().pid();
            throw new InvalidRequest("understand the client",
                    "it speaks version " + version + ", the engine " + VERSION,
                    "the engine was started before the last build; end it with 'kill " + pid + "'");
        }
    }

    /** The same, asked from another place. */
    public Request from(List<String> words, String directory, Map<String, String> environment) {
        return new Request(v, words, directory, environment, tty);
    }

    /** As it is sent. */
    public Frame frame() {
        return Frame.of(FrameType.REQUEST, MAPPER.writeValueAsBytes(this));
    }

    /**
     * When the client was called and when it was heard, where the two are on one clock: one of another machine, or a
     * liar, is seldom so near.
     */
    Optional<Session.Asked> asked(long heard) {
        return since == null || heard - since < 0 || heard - since > LONGEST.toNanos() ? Optional.empty()
                : Optional.of(new Session.Asked(since, heard));
    }

    Session.Tty terminal() {
        return new Session.Tty(tty.in, tty.out, tty.err, tty.rows, tty.cols);
    }
}
