package dev.tinydocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A socket of netlink(7), whatever is spoken on it. The kernel works on a message while it is being sent: platform
 * threads only. One call at a time.
 */
final class NetlinkSocket implements AutoCloseable {

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCKADDR_NL = 12;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;

    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    static final int NLM_F_DUMP = 0x300;
    static final int NETLINK_NETFILTER = 12;
    /** struct nfgenmsg, which every message of the packet filter begins with: u8 family, u8 version, u16 -. */
    static final int NFGENMSG = 4;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;
    private static final int NLMSGERR = 20;

    private static final int RECEIVED_BYTES = 1 << 16;

    private final String family;
    private final int descriptor;
    private final Memory received = new Memory(RECEIVED_BYTES);
    private int sequence;

    private NetlinkSocket(String family, int descriptor) {
        this.family = family;
        this.descriptor = descriptor;
    }

    /**
     * Opens one; the caller closes it.
     *
     * @param protocol NETLINK_… of {@code linux/netlink.h}
     * @param family what an error says was spoken
     */
    static NetlinkSocket open(int protocol, String family) {
        int descriptor = Libc.socket(AF_NETLINK, SOCK_RAW | Libc.SOCK_CLOEXEC, protocol);
        SyscallException.check(descriptor, "socket", "AF_NETLINK");
        try (Memory on = new Memory(Integer.BYTES)) {
            on.setInt(0, 1);
            // An older kernel does without its words.
            Libc.setsockopt(descriptor, SOL_NETLINK, NETLINK_EXT_ACK, on, Integer.BYTES);
            Libc.setsockopt(descriptor, SOL_NETLINK, NETLINK_CAP_ACK, on, Integer.BYTES);
        }
        return new NetlinkSocket(family, descriptor);
    }

    /**
     * Sends messages in one go and waits until each is acknowledged. The kernel goes on after one that failed.
     *
     * @throws SyscallException for the first that failed, with what it was to do and the kernel's own words
     */
    synchronized void send(NetlinkMessage... messages) {
        int first = sequence + 1;
        write(messages);
        Failure failure = null;
        for (int acknowledged = 0; acknowledged < messages.length;) {
            for (Message message : receive()) {
                int index = message.sequence - first;
                if (message.type != NLMSG_ERROR || index < 0 || index >= messages.length) {
                    continue;
                }
                acknowledged++;
                int errno = -message.payload.getInt(message.payload.position());
                if (errno != 0 && (failure == null || index < failure.index)) {
                    failure = new Failure(index, errno, words(message));
                }
            }
        }
        if (failure != null) {
            throw failure.exception(family, messages);
        }
    }

    /**
     * Sends a request for a list, and gives each message of it, without its head, to the other function.
     *
     * @param answer the type of these messages
     */
    synchronized void dump(NetlinkMessage request, int answer, Consumer<ByteBuffer> each) {
        write(request);
        for (boolean done = false; !done;) {
            for (Message message : receive()) {
                if (message.sequence != sequence) {
                    continue;
                }
                if (message.type == answer) {
                    each.accept(message.payload);
                } else if (message.type == NLMSG_ERROR) {
                    throw new SyscallException(family, "to " + request.what(),
                            -message.payload.getInt(message.payload.position()));
                }
                done |= message.type == NLMSG_DONE;
            }
        }
    }

    /** Is told from now on what the kernel tells a group; one without a name of its own, as bind(2) gives, is not. */
    void join(int group) {
        try (Memory address = new Memory(SOCKADDR_NL)) {
            address.clear();
            address.setShort(0, (short) AF_NETLINK);
            address.setInt(8, 1 << group - 1);
            SyscallException.check(Libc.bind(descriptor, address, SOCKADDR_NL), "bind", "AF_NETLINK");
        }
    }

    /** Waits for what a group is told, and gives each message of these types, without its head, to the function. */
    void listen(Set<Integer> types, Consumer<ByteBuffer> each) {
        receive().stream().filter(message -> types.contains(message.type))
                .forEach(message -> each.accept(message.payload));
    }

    private void write(NetlinkMessage... messages) {
        ByteBuffer all = ByteBuffer.allocate(messages.length * 1024).order(ByteOrder.nativeOrder());
        for (NetlinkMessage message : messages) {
            int start = all.position();
            all.put(message.bytes()).putInt(start + 8, ++sequence);
        }
        int length = all.position();
        long sent;
        do {
            sent = Libc.send(descriptor, all.array(), length, 0);
        } while (sent < 0 && Native.getLastError() == Errno.EINTR);
        SyscallException.check(sent, "send", messages[0].what());
    }

    /** One message of the kernel's. */
    private record Message(int type, int flags, int sequence, ByteBuffer payload) {
    }

    /** The messages of one datagram; they lie in memory that the next call writes over. */
    private List<Message> receive() {
        long got;
        do {
            got = Libc.recv(descriptor, received, RECEIVED_BYTES, 0);
        } while (got < 0 && Native.getLastError() == Errno.EINTR);
        SyscallException.check(got, "recv", "AF_NETLINK");
        ByteBuffer bytes = received.getByteBuffer(0, got).order(ByteOrder.nativeOrder());
        List<Message> messages = new ArrayList<>();
        for (int at = 0; at + NetlinkMessage.HEAD <= got;) {
            int length = bytes.getInt(at);
            if (length < NetlinkMessage.HEAD || length > got - at) {
                break;
            }
            messages.add(new Message(bytes.getShort(at + 4) & 0xffff, bytes.getShort(at + 6) & 0xffff,
                    bytes.getInt(at + 8), bytes.slice(at + NetlinkMessage.HEAD, length - NetlinkMessage.HEAD)
                            .order(ByteOrder.nativeOrder())));
            at += length + 3 & ~3;
        }
        return messages;
    }

    private static String words(Message message) {
        if ((message.flags & NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        Map<Integer, ByteBuffer> attributes = NetlinkReader.attributes(message.payload, NLMSGERR);
        return NetlinkReader.text(attributes, NLMSGERR_ATTR_MSG);
    }

    private record Failure(int index, int errno, String words) {

        SyscallException exception(String family, NetlinkMessage... messages) {
            String what = "to " + messages[index].what();
            return new SyscallException(family, words.isEmpty() ? what : what + " (" + words + ")", errno);
        }
    }

    @Override
    public void close() {
        Libc.close(descriptor);
    }
}
