package dev.tinydocker.linux;

import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** An IPv6 address; its bits in the order in which they are written. */
public record Ipv6(long high, long low) {

    public static final Ipv6 ANY = new Ipv6(0, 0);
    public static final Ipv6 LOOPBACK = new Ipv6(0, 1);

    private static final int GROUPS = 8;
    private static final int BITS = 128;

    /**
     * Reads what RFC 4291, 2.2 has.
     *
     * @throws IllegalArgumentException for anything else, also for an address with a zone
     */
    public static Ipv6 parse(String word) {
        try {
            byte[] bytes = word.contains("%") || !word.contains(":") ? new byte[0]
                    : Inet6Address.ofLiteral(word).getAddress();
            if (bytes.length == BITS / Byte.SIZE) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                return new Ipv6(buffer.getLong(), buffer.getLong());
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + word + "' is no IPv6 address", e);
        }
        throw new IllegalArgumentException("'" + word + "' is no IPv6 address");
    }

    /** The address that many after this one. */
    public Ipv6 plus(long count) {
        long sum = low + count;
        return new Ipv6(Long.compareUnsigned(sum, low) < 0 ? high + 1 : high, sum);
    }

    /** The same with zeros behind so many bits. */
    public Ipv6 masked(int prefix) {
        return new Ipv6(prefix == 0 ? 0 : prefix >= Long.SIZE ? high : high & -1L << Long.SIZE - prefix,
                prefix <= Long.SIZE ? 0 : prefix == BITS ? low : low & -1L << BITS - prefix);
    }

    /** In the order of the network. */
    public byte[] bytes() {
        return ByteBuffer.allocate(BITS / Byte.SIZE).putLong(high).putLong(low).array();
    }

    /** As RFC 5952 has it: in lower case, the longest row of zeros left out. */
    @Override
    public String toString() {
        List<String> groups = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(bytes());
        for (int i = 0; i < GROUPS; i++) {
            groups.add(Integer.toHexString(buffer.getShort() & 0xffff));
        }
        int longest = 0;
        int length = 1;
        for (int from = 0; from < GROUPS; from++) {
            int to = from;
            while (to < GROUPS && groups.get(to).equals("0")) {
                to++;
            }
            if (to - from > length) {
                longest = from;
                length = to - from;
            }
        }
        return length == 1 ? String.join(":", groups) : String.join(":", groups.subList(0, longest)) + "::"
                + String.join(":", groups.subList(longest + length, GROUPS));
    }
}
