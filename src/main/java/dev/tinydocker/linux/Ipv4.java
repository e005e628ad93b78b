package dev.tinydocker.linux;

import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IPv4 address; {@code bits} in the order in which they are written. */
public record Ipv4(int bits) implements Comparable<Ipv4> {

    public static final Ipv4 ANY = new Ipv4(0);
    public static final Ipv4 LOOPBACK = new Ipv4(0x7f00_0001);

    private static final Pattern DOTTED = Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})"
            + "\\.(0|[1-9]\\d{0,2})");

    /**
     * Reads four numbers with dots between them.
     *
     * @throws IllegalArgumentException for anything else, also for what inet_aton(3) takes beyond that
     */
    public static Ipv4 parse(String word) {
        Matcher matcher = DOTTED.matcher(word);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + word + "' is no IPv4 address");
        }
        int bits = 0;
        for (int i = 1; i <= 4; i++) {
            int part = Integer.parseInt(matcher.group(i));
            if (part > 255) {
                throw new IllegalArgumentException("'" + word + "' is no IPv4 address");
            }
            bits = bits << 8 | part;
        }
        return new Ipv4(bits);
    }

    /** The address that many after this one. */
    public Ipv4 plus(int count) {
        return new Ipv4(bits + count);
    }

    /** In the order of the network. */
    public byte[] bytes() {
        return ByteBuffer.allocate(Integer.BYTES).putInt(bits).array();
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }
}
