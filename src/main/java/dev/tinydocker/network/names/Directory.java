package dev.tinydocker.network.names;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Who is called what in the networks; asked for each question, since containers come and go. Answers from memory. */
public interface Directory {

    /**
     * Who asks.
     *
     * @param server the address that was asked
     * @param from where the question came from
     * @return empty for a stranger, who gets no answer
     */
    Optional<Asker> asker(InetAddress server, InetAddress from);

    /**
     * The addresses of those whom the asker may know by a name, IPv4 and IPv6.
     *
     * @param name in lower case, without the dot at its end
     * @return empty where nobody is called so
     */
    List<InetAddress> addresses(Asker asker, String name);

    /** What whoever has an address is called; empty where nobody that the asker may know has it. */
    Optional<String> name(Asker asker, InetAddress address);

    /** Whether an address belongs to one of the asker's networks: nobody outside is asked about it. */
    boolean isInside(Asker asker, InetAddress address);
}
