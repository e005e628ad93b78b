package dev.tinydocker.network.names;

import org.xbill.DNS.Message;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A name server on loopback that answers what a test says, by datagram and by TCP. */
final class TestUpstream implements AutoCloseable {

    final AtomicInteger asked = new AtomicInteger();
    private final ServerSocket streams;
    private final DatagramSocket datagrams;
    private final Function<Message, List<byte[]>> datagramAnswers;
    private final Function<Message, List<byte[]>> streamAnswers;

    /** @param datagramAnswers what to send for a question, each in a datagram of its own */
    TestUpstream(Function<Message, List<byte[]>> datagramAnswers, Function<Message, List<byte[]>> streamAnswers)
            throws IOException {
        this.datagramAnswers = datagramAnswers;
        this.streamAnswers = streamAnswers;
        streams = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        datagrams = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), streams.getLocalPort()));
        Thread.ofVirtual().start(this::datagrams);
        Thread.ofVirtual().start(this::streams);
    }

    static TestUpstream of(Function<Message, Message> answers) throws IOException {
        Function<Message, List<byte[]>> wire = query -> new ArrayList<>(List.of(answers.apply(query).toWire()));
        return new TestUpstream(wire, wire);
    }

    static TestUpstream silent() throws IOException {
        return new TestUpstream(_ -> List.of(), _ -> List.of());
    }

    InetSocketAddress address() {
        return (InetSocketAddress) streams.getLocalSocketAddress();
    }

    private void datagrams() {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        while (!datagrams.isClosed()) {
            try {
                packet.setLength(4096);
                datagrams.receive(packet);
                asked.incrementAndGet();
                Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                for (byte[] answer : datagramAnswers.apply(query)) {
                    datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                continue;
            }
        }
    }

    private void streams() {
        while (!streams.isClosed()) {
            try (Socket socket = streams.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] question = in.readNBytes(in.readUnsignedShort());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                for (byte[] answer : streamAnswers.apply(new Message(question))) {
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            } catch (IOException e) {
                continue;
            }
        }
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        streams.close();
    }
}
