package dev.tinydocker.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

class FrameChannelTests {

    @Test
    void aFrameIsTypeLengthAndPayload() throws IOException {
        Wire wire = new Wire("");
        new FrameChannel(wire).send(Frame.of(FrameType.STDOUT, "hi\n".getBytes(StandardCharsets.UTF_8)),
                Frame.of(FrameType.EXIT, 7));
        assertThat(wire.sent()).isEqualTo("0400000003" + "68690a" + "0800000004" + "00000007");
    }

    @Test
    void whatIsSentIsReceivedHoweverItIsCut() throws IOException {
        Wire wire = new Wire("0400000003" + "68690a" + "0300000000" + "0600000004" + "00180050");
        FrameChannel channel = new FrameChannel(wire);
        assertThat(channel.receive()).isEqualTo(Frame.of(FrameType.STDOUT, "hi\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(channel.receive()).isEqualTo(Frame.of(FrameType.STDIN_EOF));
        assertThat(channel.receive()).isEqualTo(Frame.resize(24, 80));
        assertThat(channel.receive()).isNull();
    }

    @Test
    void anUnknownTypeEndsTheConnection() {
        assertThatThrownBy(() -> new FrameChannel(new Wire("6300000000")).receive()).isInstanceOf(IOException.class)
                .hasMessageContaining("unknown type 99");
    }

    @Test
    void aLengthOverTheLimitEndsTheConnection() {
        assertThatThrownBy(() -> new FrameChannel(new Wire("0400010001")).receive()).isInstanceOf(IOException.class)
                .hasMessageContaining("65537 bytes");
        assertThatThrownBy(() -> new FrameChannel(new Wire("01ffffffff")).receive()).isInstanceOf(IOException.class)
                .hasMessageContaining("4294967295 bytes");
    }

    @Test
    void aFrameCutOffIsNoEnd() {
        assertThatThrownBy(() -> new FrameChannel(new Wire("04000000")).receive()).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> new FrameChannel(new Wire("040000000568")).receive()).isInstanceOf(EOFException.class);
    }

    /** Gives one byte a read, and keeps what is written. */
    private static final class Wire implements ByteChannel {

        private final ByteBuffer incoming;
        private final ByteArrayOutputStream outgoing = new ByteArrayOutputStream();

        Wire(String hex) {
            incoming = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        }

        String sent() {
            return HexFormat.of().formatHex(outgoing.toByteArray());
        }

        @Override
        public int read(ByteBuffer target) {
            if (!incoming.hasRemaining()) {
                return -1;
            }
            target.put(incoming.get());
            return 1;
        }

        @Override
        public int write(ByteBuffer source) {
            outgoing.write(source.get());
            return 1;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
