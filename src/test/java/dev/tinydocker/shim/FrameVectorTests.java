package dev.tinydocker.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.Vectors;
import dev.tinydocker.Vectors.Vector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.HexFormat;
import java.util.List;

/** Frames as the native programs read and write them. */
class FrameVectorTests {

    static List<Vector> vectors() throws IOException {
        return Vectors.read("frames.txt");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void isReadAndWrittenAsAgreed(Vector vector) throws IOException {
        Bytes bytes = new Bytes(vector.bytes());
        FrameChannel channel = new FrameChannel(bytes);
        switch (vector.meaning()) {
            case "bad" -> assertThatThrownBy(channel::receive).isInstanceOf(IOException.class);
            case "more" -> {
                if (vector.bytes().length == 0) {
                    assertThat(channel.receive()).isNull();
                } else {
                    assertThatThrownBy(channel::receive).isInstanceOf(EOFException.class);
                }
            }
            default -> {
                String[] words = vector.meaning().split(" ");
                byte[] payload = HexFormat.of().parseHex(words[1].equals("-") ? "" : words[1]);
                Frame frame = Frame.of(FrameType.valueOf(words[0]), payload);
                assertThat(channel.receive()).isEqualTo(frame);
                assertThat(channel.receive()).isNull();
                channel.send(frame);
                assertThat(HexFormat.of().formatHex(bytes.written.toByteArray())).isEqualTo(vector.hex());
            }
        }
    }

    /** A stream that ends with its bytes, and keeps what is written. */
    private static final class Bytes implements ByteChannel {

        private final ByteBuffer unread;
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        Bytes(byte[] bytes) {
            unread = ByteBuffer.wrap(bytes);
        }

        @Override
        public int read(ByteBuffer to) {
            if (!unread.hasRemaining()) {
                return -1;
            }
            int count = Math.min(unread.remaining(), to.remaining());
            to.put(unread.slice(unread.position(), count));
            unread.position(unread.position() + count);
            return count;
        }

        @Override
        public int write(ByteBuffer from) {
            int count = from.remaining();
            while (from.hasRemaining()) {
                written.write(from.get());
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
        }
    }
}
