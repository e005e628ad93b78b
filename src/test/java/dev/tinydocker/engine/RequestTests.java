package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.shell.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The first thing a client says. */
class RequestTests {

    private static Request parse(String json) {
        return Request.parse(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void wordsDirectoryEnvironmentAndTerminalAreTaken() {
        Request request = parse("""
                {"v":1,"argv":["run","","a b"],"cwd":"/root","env":{"A":"b=c"},"later":{"a":[1]},
                 "tty":{"in":true,"out":false,"err":true,"more":[{}],"rows":24,"cols":80}}""");
        assertThat(request.argv()).containsExactly("run", "", "a b");
        assertThat(request.cwd()).isEqualTo("/root");
        assertThat(request.env()).containsEntry("A", "b=c");
        assertThat(request.terminal()).isEqualTo(new Session.Tty(true, false, true, 24, 80));
    }

    @Test
    void whenItWasAskedCountsWhereTheClocksAreOne() {
        long second = 1_000_000_000L;
        Request request = parse("""
                {"v":1,"argv":[],"cwd":"/","env":{},"tty":{"in":true,"out":true,"err":true,"rows":1,"cols":1},
                 "since":5000000000}""");
        assertThat(request.asked(7 * second)).contains(new Session.Asked(5 * second, 7 * second));
        assertThat(request.asked(4 * second)).isEmpty();
        assertThat(request.asked(500 * second)).isEmpty();
        assertThat(request.from(List.of(), "/", Map.of()).asked(7 * second)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "{", "[]", "{\"v\":1}", "{\"v\":\"1\"}", "{\"v\":1,\"argv\":{}}",
            "{\"v\":1,\"argv\":[1]}",
            "{\"v\":1,\"env\":{\"A\":null}}", "{\"v\":1,\"tty\":{\"in\":1}}", "{\"v\":1,\"tty\":{\"rows\":true}}",
            "{\"v\":1,\"argv\":[null],\"cwd\":\"/\",\"env\":{},\"tty\":{}}",
            "{\"v\":1,\"argv\":[],\"cwd\":\"here\",\"env\":{},"
                    + "\"tty\":{\"in\":true,\"out\":true,\"err\":true,\"rows\":1,\"cols\":1}}" })
    void whatIsNoRequestIsRefused(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("cannot understand the client: ");
    }

    @Test
    void anotherVersionIsToldWhatToDo() {
        assertThatThrownBy(() -> parse("{\"v\":2,\"argv\":[],\"cwd\":\"/\",\"env\":{}}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("cannot understand the client: it speaks version 2, the engine 1");
    }
}
