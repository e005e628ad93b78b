package dev.tinydocker.engine;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.shell.Session;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** What a client asks: the first frame of its connection, see docs/wire.md. */
record Request(int v, List<String> argv, String cwd, Map<String, String> env, Terminal tty) {

    private static final int VERSION = 1;
    private static final ObjectReader JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build().readerFor(Request.class);

    /** As the client's JSON has it. */
    record Terminal(boolean in, boolean out, boolean err, int rows, int cols) {
    }

    /** @throws InvalidRequest where the bytes are no request of this version */
    static Request parse(ByteBuffer payload) {
        Request request;
        try {
            request = JSON.readValue(payload.array(), payload.arrayOffset() + payload.position(), payload.remaining());
        } catch (JacksonException e) {
            String why = e.getOriginalMessage().lines().findFirst().orElse("no JSON");
            throw new InvalidRequest("understand the client", why, "", e);
        }
        if (request.v != VERSION) {
            long pid = ProcessHandle.current().pid();
            throw new InvalidRequest("understand the client",
                    "it speaks version " + request.v + ", the engine " + VERSION,
                    "the engine was started before the last build; end it with 'kill " + pid + "'");
        }
        if (request.argv == null || request.argv.contains(null) || request.cwd == null || !request.cwd.startsWith("/")
                || request.env == null || request.tty == null) {
            throw new InvalidRequest("understand the client", "argv, cwd, env or tty is missing", "");
        }
        return request;
    }

    Session.Tty terminal() {
        return new Session.Tty(tty.in, tty.out, tty.err, tty.rows, tty.cols);
    }
}
