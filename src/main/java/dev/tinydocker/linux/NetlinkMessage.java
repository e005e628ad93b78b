package dev.tinydocker.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * One message of netlink(7) as it is being written, in the machine's byte order. Knows how messages and attributes are
 * laid out, not what they mean:
 *
 * <pre>
 * nlmsghdr   u32 length, u16 type, u16 flags, u32 sequence, u32 port
 * payload    a structure of the family, then attributes
 * nlattr     u16 length with its head, u16 type, the value, padded to four bytes
 * </pre>
 */
public final class NetlinkMessage {

    static final int HEAD = 16;
    static final int ATTRIBUTE_HEAD = 4;

    static final int NLM_F_REQUEST = 1;
    static final int NLM_F_ACK = 4;

    /** More than any message of ours has. */
    private static final int MOST_BYTES = 1024;

    private final ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES).order(ByteOrder.nativeOrder());
    private final String what;

    /** @param what it does, as it stands in an error, {@code make the bridge br0} */
    NetlinkMessage(String what, int type, int flags) {
        this.what = what;
        u32(0).u16(type).u16(flags | NLM_F_REQUEST | NLM_F_ACK).u32(0).u32(0);
    }

    NetlinkMessage u8(int value) {
        bytes.put((byte) value);
        return this;
    }

    NetlinkMessage u16(int value) {
        bytes.putShort((short) value);
        return this;
    }

    NetlinkMessage u32(int value) {
        bytes.putInt(value);
        return this;
    }

    /** An attribute with a number of four bytes. */
    NetlinkMessage attribute(int type, int value) {
        return nested(type, message -> message.u32(value));
    }

    /** An attribute with text and a zero. */
    NetlinkMessage attribute(int type, String value) {
        return nested(type, message -> message.bytes.put(value.getBytes(StandardCharsets.UTF_8)).put((byte) 0));
    }

    /** An attribute with these bytes. */
    NetlinkMessage attribute(int type, byte[] value) {
        return nested(type, message -> message.bytes.put(value));
    }

    /** An attribute with an IPv4 address, which goes in the order of the network. */
    NetlinkMessage attribute(int type, Ipv4 value) {
        return attribute(type, value.bytes());
    }

    /** An attribute whose value is written by the other function, attributes most often. */
    NetlinkMessage nested(int type, Consumer<NetlinkMessage> content) {
        int start = bytes.position();
        u16(0).u16(type);
        content.accept(this);
        bytes.putShort(start, (short) (bytes.position() - start));
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    String what() {
        return what;
    }

    /** The whole message; its sequence number is zero, since whoever sends it counts. */
    public byte[] bytes() {
        byte[] all = new byte[bytes.position()];
        bytes.putInt(0, all.length).get(0, all);
        return all;
    }
}
