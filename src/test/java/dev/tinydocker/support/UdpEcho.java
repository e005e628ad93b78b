package dev.tinydocker.support;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;

/** A program that answers datagrams with what they say, for ever. busybox has none. */
public final class UdpEcho {

    private static final int LONGEST = 512;

    private UdpEcho() {
    }

    /** @param arguments the port */
    public static void main(String[] arguments) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(Integer.parseInt(arguments[0]))) {
            DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
            while (true) {
                packet.setLength(LONGEST);
                socket.receive(packet);
                socket.send(packet);
            }
        }
    }
}
