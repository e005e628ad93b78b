package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.SystemFailure;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sockets that hold published ports for their containers, so that no other program takes one, and none is taken from
 * another. Packets never come to them: the packet filter sends these on before.
 */
@Component
class HeldPorts implements AutoCloseable {

    private final Map<String, List<NetworkChannel>> held = new HashMap<>();

    /**
     * Holds a port, any free one where its number is 0.
     *
     * @param dual for IPv6 as well, where it is one of all addresses
     * @return the same with its number
     * @throws Conflict where somebody has it, or this host has no such address
     */
    synchronized PublishedPort hold(String container, PublishedPort port, boolean dual) {
        NetworkChannel socket = null;
        try {
            // One of all addresses of IPv6 is one of all addresses of IPv4 too.
            byte[] address = dual ? Ipv6.ANY.bytes()
                    : ByteBuffer.allocate(Integer.BYTES).putInt(port.address().bits()).array();
            StandardProtocolFamily family = dual ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
            InetSocketAddress wanted = new InetSocketAddress(InetAddress.getByAddress(address), port.hostPort());
            socket = port.protocol() == PublishedPort.Protocol.TCP
                    ? ServerSocketChannel.open(family) : DatagramChannel.open(family);
            socket.bind(wanted);
            PublishedPort bound = port.at(((InetSocketAddress) socket.getLocalAddress()).getPort());
            held.computeIfAbsent(container, _ -> new ArrayList<>()).add(socket);
            return bound;
        } catch (IOException e) {
            if (socket != null) {
                close(socket);
            }
            String what = "publish the port " + port.outside() + " of this host";
            String why = String.valueOf(e.getMessage());
            throw e instanceof BindException ? new Conflict(what, why,
                    "choose another port, or end the program that has it ('ss -lnp' lists them)")
                    : new SystemFailure(what, why, "", e);
        }
    }

    /** Lets a container's ports go. */
    synchronized void letGo(String container) {
        List<NetworkChannel> sockets = held.remove(container);
        if (sockets != null) {
            sockets.forEach(HeldPorts::close);
        }
    }

    private static void close(NetworkChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is closed, whatever close(2) says.
            return;
        }
    }

    @Override
    public synchronized void close() {
        held.values().forEach(sockets -> sockets.forEach(HeldPorts::close));
        held.clear();
    }
}
