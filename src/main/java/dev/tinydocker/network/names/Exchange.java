package dev.tinydocker.network.names;

import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

/**
 * One question to one server and its answer. Each has a socket of its own, and by it a port that nobody can guess; what
 * others send there is passed over.
 */
final class Exchange {

    private Exchange() {
    }

    /**
     * Asks by datagram, again without EDNS where the server does not know that, and again by TCP where the answer is
     * too long for a datagram.
     *
     * @throws IOException where no answer comes in time; {@link SocketTimeoutException} where nothing comes at all
     */
    static Message ask(InetSocketAddress server, Message query, Duration patience) throws IOException {
        long until = System.nanoTime() + patience.toNanos();
        Message asked = query;
        Message answer = byDatagram(server, asked, until);
        if (Messages.isOfOldServer(answer)) {
            asked = Messages.withoutEdns(query);
            answer = byDatagram(server, asked, until);
        }
        return answer.getHeader().getFlag(Flags.TC) ? byStream(server, asked, until) : answer;
    }

    private static Message byDatagram(InetSocketAddress server, Message query, long until) throws IOException {
        byte[] sent = query.toWire();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.send(new DatagramPacket(sent, sent.length));
            DatagramPacket packet = new DatagramPacket(new byte[Messages.LARGEST], Messages.LARGEST);
            while (true) {
                socket.setSoTimeout(left(until));
                packet.setLength(Messages.LARGEST);
                socket.receive(packet);
                try {
                    Message answer = Messages.parse(Arrays.copyOf(packet.getData(), packet.getLength()));
                    if (Messages.isAnswer(query, answer)) {
                        return answer;
                    }
                } catch (IOException e) {
                    // Whoever sent that, the answer may still come.
                    continue;
                }
            }
        }
    }

    private static Message byStream(InetSocketAddress server, Message query, long until) throws IOException {
        byte[] sent = query.toWire();
        try (Socket socket = new Socket()) {
            socket.connect(server, left(until));
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] framed = new byte[sent.length + 2];
            framed[0] = (byte) (sent.length >> 8);
            framed[1] = (byte) sent.length;
            System.arraycopy(sent, 0, framed, 2, sent.length);
            out.write(framed);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            socket.setSoTimeout(left(until));
            byte[] bytes = new byte[in.readUnsignedShort()];
            for (int got = 0; got < bytes.length;) {
                socket.setSoTimeout(left(until));
                int count = in.read(bytes, got, bytes.length - got);
                if (count < 0) {
                    throw new IOException("the server hung up");
                }
                got += count;
            }
            Message answer = Messages.parse(bytes);
            if (!Messages.isAnswer(query, answer)) {
                throw new IOException("the server answered something else");
            }
            return answer;
        }
    }

    /** Milliseconds; never 0, which would be for ever. */
    private static int left(long until) throws SocketTimeoutException {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("no answer");
        }
        return (int) left;
    }
}
