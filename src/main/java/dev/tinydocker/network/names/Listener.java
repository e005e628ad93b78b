package dev.tinydocker.network.names;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** The sockets of one address that is asked, and the threads that read them. */
final class Listener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** More than any question has; of a longer one the beginning is read, which is no message. */
    private static final int LONGEST_QUESTION = 4096;
    private static final int BACKLOG = 64;
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final InetAddress address;
    private final Answerer answerer;
    private final DatagramSocket datagrams;
    private final ServerSocket streams;
    private final Shares connections = new Shares(128, 16);

    /** @throws IOException where this host has no such address */
    Listener(InetAddress address, Answerer answerer) throws IOException {
        this.address = address;
        this.answerer = answerer;
        streams = new ServerSocket(0, BACKLOG, address);
        try {
            datagrams = new DatagramSocket(new InetSocketAddress(address, 0));
        } catch (IOException e) {
            streams.close();
            throw e;
        }
        Thread.ofVirtual().name("names").start(this::readDatagrams);
        Thread.ofVirtual().name("names").start(this::accept);
    }

    NameServer.Ports ports() {
        return new NameServer.Ports(datagrams.getLocalPort(), streams.getLocalPort());
    }

    private void readDatagrams() {
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST_QUESTION], LONGEST_QUESTION);
        while (!datagrams.isClosed()) {
            try {
                packet.setLength(LONGEST_QUESTION);
                datagrams.receive(packet);
                InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
                answerer.answer(address, from.getAddress(), Arrays.copyOf(packet.getData(), packet.getLength()), false,
                        answer -> send(answer, from));
            } catch (IOException e) {
                // Closed, which ends the loop, or a container that was gone before its answer.
                LOG.debug("no question", e);
            } catch (RuntimeException e) {
                LOG.warn("cannot answer {}", packet.getSocketAddress(), e);
            }
        }
    }

    private void send(byte[] answer, InetSocketAddress to) {
        try {
            datagrams.send(new DatagramPacket(answer, answer.length, to));
        } catch (IOException e) {
            // Whoever asked asks again, or is gone.
            LOG.debug("no answer to {}", to, e);
        }
    }

    private void accept() {
        while (!streams.isClosed()) {
            try {
                Socket socket = streams.accept();
                InetAddress from = socket.getInetAddress();
                if (connections.take(from)) {
                    Thread.ofVirtual().name("names").start(() -> serve(socket, from));
                } else {
                    socket.close();
                }
            } catch (IOException e) {
                // Closed; or there are no descriptors left, which takes a moment to end.
                LOG.debug("no connection", e);
                LockSupport.parkNanos(streams.isClosed() ? 0 : PAUSE.toNanos());
            }
        }
    }

    private void serve(Socket socket, InetAddress from) {
        try (socket) {
            socket.setSoTimeout((int) IDLE.toMillis());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (int length = in.readUnsignedShort(); length <= LONGEST_QUESTION; length = in.readUnsignedShort()) {
                byte[] question = new byte[length];
                in.readFully(question);
                answerer.answer(address, from, question, true, answer -> write(out, answer));
            }
        } catch (IOException e) {
            // It has hung up, or says nothing for long.
            LOG.debug("no question from {}", from, e);
        } catch (RuntimeException e) {
            LOG.warn("cannot answer {}", from, e);
        } finally {
            connections.giveBack(from);
        }
    }

    private static void write(OutputStream out, byte[] answer) {
        byte[] framed = new byte[answer.length + 2];
        framed[0] = (byte) (answer.length >> 8);
        framed[1] = (byte) answer.length;
        System.arraycopy(answer, 0, framed, 2, answer.length);
        synchronized (out) {
            try {
                out.write(framed);
            } catch (IOException e) {
                LOG.debug("no answer", e);
            }
        }
    }

    @Override
    public void close() {
        datagrams.close();
        try {
            streams.close();
        } catch (IOException e) {
            // Closed is closed, whatever close(2) says.
            return;
        }
    }
}
