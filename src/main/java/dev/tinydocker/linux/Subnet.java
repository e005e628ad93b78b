package dev.tinydocker.linux;

/**
 * The IPv4 addresses that begin with the same bits.
 *
 * @param prefix how many bits that are, 0 to 32
 */
public record Subnet(Ipv4 first, int prefix) {

    public Subnet {
        if (prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException("/" + prefix + " is none of /0 to /32");
        }
        if ((first.bits() & ~mask(prefix)) != 0) {
            throw new IllegalArgumentException(first + "/" + prefix + " has bits set behind its prefix");
        }
    }

    /**
     * Reads {@code 10.1.0.0/16}.
     *
     * @throws IllegalArgumentException for anything else, also where bits are set behind the prefix
     */
    public static Subnet parse(String word) {
        int slash = word.indexOf('/');
        if (slash < 0 || !word.substring(slash + 1).matches("\\d{1,2}")) {
            throw new IllegalArgumentException("'" + word + "' is no subnet");
        }
        return new Subnet(Ipv4.parse(word.substring(0, slash)), Integer.parseInt(word.substring(slash + 1)));
    }

    /** The subnet of that size that an address is in. */
    public static Subnet of(Ipv4 address, int prefix) {
        return new Subnet(new Ipv4(address.bits() & mask(prefix)), prefix);
    }

    public boolean contains(Ipv4 address) {
        return (address.bits() & mask(prefix)) == first.bits();
    }

    /** Whether some address is in both. */
    public boolean overlaps(Subnet other) {
        return prefix <= other.prefix ? contains(other.first) : other.contains(first);
    }

    /** The last address, which is everybody's in it. */
    public Ipv4 broadcast() {
        return new Ipv4(first.bits() | ~mask(prefix));
    }

    private static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << 32 - prefix;
    }

    @Override
    public String toString() {
        return first + "/" + prefix;
    }
}
