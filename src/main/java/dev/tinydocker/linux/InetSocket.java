package dev.tinydocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A socket of TCP or UDP, ip(7), ipv6(7). One of IPv6 has nothing to do with IPv4, unlike the JDK's, whose sockets of
 * {@code ::} take the port of IPv4 too. Close-on-exec. The calls block: platform threads only.
 */
public final class InetSocket implements AutoCloseable {

    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int SHUT_WR = 1;
    private static final int SHUT_RDWR = 2;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final short POLLIN = 1;
    private static final int POLLFD = 8;
    /** Of struct sockaddr_in6, the longest here. */
    private static final int SOCKADDR = 28;
    private static final int IPV6_BYTES = 16;
    private static final int BACKLOG = 128;
    /** The longest datagram there is. */
    private static final int DATAGRAM = 1 << 16;

    private final int descriptor;
    /** For errors. */
    private final String family;

    private InetSocket(int descriptor, String family) {
        this.descriptor = descriptor;
        this.family = family;
    }

    /** A datagram, and who sent it, as the kernel writes that. */
    public record Datagram(byte[] bytes, byte[] sender) {
    }

    /**
     * One that has a port of this host: of TCP it listens.
     *
     * @param stream TCP; else UDP
     * @param address 4 or 16 bytes
     * @param port 0 is any that is free
     * @throws SyscallException of bind(2): EADDRINUSE, EADDRNOTAVAIL and others
     */
    public static InetSocket bind(boolean stream, byte[] address, int port) {
        InetSocket socket = open(stream, address);
        try (Memory name = name(address, port); Memory on = new Memory(Integer.BYTES)) {
            on.setInt(0, 1);
            if (stream) {
                // Else connections of the last one who had it keep it for a minute.
                socket.check(Libc.setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, on, Integer.BYTES),
                        "setsockopt");
            }
            if (address.length == IPV6_BYTES) {
                socket.check(Libc.setsockopt(socket.descriptor, IPPROTO_IPV6, IPV6_V6ONLY, on, Integer.BYTES),
                        "setsockopt");
            }
            socket.check(Libc.bind(socket.descriptor, name, (int) name.size()), "bind");
            if (stream) {
                socket.check(Libc.listen(socket.descriptor, BACKLOG), "listen");
            }
            return socket;
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
    }

    /** One that is connected. @throws SyscallException of connect(2) */
    public static InetSocket connect(boolean stream, byte[] address, int port) {
        InetSocket socket = open(stream, address);
        try (Memory name = name(address, port)) {
            socket.check(Libc.connect(socket.descriptor, name, (int) name.size()), "connect");
            return socket;
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
    }

    private static InetSocket open(boolean stream, byte[] address) {
        boolean is6 = address.length == IPV6_BYTES;
        String family = is6 ? "AF_INET6" : "AF_INET";
        int descriptor = Libc.socket(is6 ? Libc.AF_INET6 : Libc.AF_INET,
                (stream ? Libc.SOCK_STREAM : Libc.SOCK_DGRAM) | Libc.SOCK_CLOEXEC, 0);
        SyscallException.check(descriptor, "socket", family);
        return new InetSocket(descriptor, family);
    }

    /** struct sockaddr_in and sockaddr_in6. */
    private static Memory name(byte[] address, int port) {
        boolean is6 = address.length == IPV6_BYTES;
        Memory name = new Memory(is6 ? SOCKADDR : 16);
        name.clear();
        name.setShort(0, (short) (is6 ? Libc.AF_INET6 : Libc.AF_INET));
        name.write(2, new byte[] { (byte) (port >> 8), (byte) port }, 0, 2);
        name.write(is6 ? 8 : 4, address, 0, address.length);
        return name;
    }

    private void check(long result, String call) {
        SyscallException.check(result, call, family);
    }

    /** The port that it has on this host. */
    public int port() {
        try (Memory name = new Memory(SOCKADDR); Memory length = new Memory(Integer.BYTES)) {
            length.setInt(0, SOCKADDR);
            check(Libc.getsockname(descriptor, name, length), "getsockname");
            return name.getByteBuffer(2, 2).order(ByteOrder.BIG_ENDIAN).getShort() & 0xffff;
        }
    }

    /** The next connection, of one that listens; empty where it went meanwhile, or the socket was {@link #end}ed. */
    public Optional<InetSocket> accept() {
        int accepted = Libc.accept4(descriptor, null, null, Libc.SOCK_CLOEXEC);
        return accepted < 0 ? Optional.empty() : Optional.of(new InetSocket(accepted, family));
    }

    /** The next datagram; empty where there is none, since what was sent before was refused, or it was ended. */
    public Optional<Datagram> receive() {
        try (Memory bytes = new Memory(DATAGRAM); Memory sender = new Memory(SOCKADDR);
                Memory length = new Memory(Integer.BYTES)) {
            length.setInt(0, SOCKADDR);
            long got = Libc.recvfrom(descriptor, bytes, DATAGRAM, 0, sender, length);
            return got < 0 || length.getInt(0) == 0 ? Optional.empty() : Optional.of(new Datagram(
                    bytes.getByteArray(0, (int) got), sender.getByteArray(0, length.getInt(0))));
        }
    }

    /** Sends a datagram to whom this one is connected; what does not arrive does not. */
    public void send(byte[] bytes) {
        Libc.send(descriptor, bytes, bytes.length, MSG_NOSIGNAL);
    }

    /** Sends one to somebody else. */
    public void send(byte[] bytes, byte[] receiver) {
        Libc.sendto(descriptor, bytes, bytes.length, MSG_NOSIGNAL, receiver, receiver.length);
    }

    /** Passes on what comes until no more does, or the other one takes no more; and says there that it was all. */
    public void copyTo(InetSocket other) {
        try (Memory bytes = new Memory(DATAGRAM)) {
            boolean more = true;
            while (more) {
                long got = Libc.recv(descriptor, bytes, DATAGRAM, 0);
                more = got < 0 ? Native.getLastError() == Errno.EINTR : got > 0 && other.sendAll(bytes, got);
            }
        }
        Libc.shutdown(other.descriptor, SHUT_WR);
    }

    private boolean sendAll(Memory bytes, long length) {
        for (long done = 0; done < length;) {
            long sent = Libc.send(descriptor, bytes.share(done), length - done, MSG_NOSIGNAL);
            if (sent < 0 && Native.getLastError() != Errno.EINTR) {
                return false;
            }
            done += Math.max(0, sent);
        }
        return true;
    }

    /** Those of these that have something to be read, or to be told; none where none has after so long. poll(2). */
    public static List<InetSocket> ready(List<InetSocket> sockets, Duration patience) {
        try (Memory entries = new Memory((long) sockets.size() * POLLFD)) {
            ByteBuffer buffer = entries.getByteBuffer(0, entries.size()).order(ByteOrder.nativeOrder());
            sockets.forEach(socket -> buffer.putInt(socket.descriptor).putShort(POLLIN).putShort((short) 0));
            if (Libc.poll(entries, sockets.size(), (int) patience.toMillis()) <= 0) {
                return List.of();
            }
            return sockets.stream().filter(socket -> entries.getShort(
                    (long) sockets.indexOf(socket) * POLLFD + 6) != 0).toList();
        }
    }

    /** Wakes whoever waits for something of it: there is nothing more. shutdown(2). It is still to be closed. */
    public void end() {
        Libc.shutdown(descriptor, SHUT_RDWR);
    }

    @Override
    public void close() {
        Libc.close(descriptor);
    }
}
