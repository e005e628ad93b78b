package dev.tinydocker.linux;

/**
 * The IPv6 addresses that begin with the same bits.
 *
 * @param prefix how many bits that are, 0 to 128
 */
public record Subnet6(Ipv6 first, int prefix) {

    public Subnet6 {
        if (prefix < 0 || prefix > 128) {
            throw new IllegalArgumentException("/" + prefix + " is none of /0 to /128");
        }
        if (!first.masked(prefix).equals(first)) {
            throw new IllegalArgumentException(first + "/" + prefix + " has bits set behind its prefix");
        }
    }

    /**
     * Reads {@code fd00:1::/64}.
     *
     * @throws IllegalArgumentException for anything else, also where bits are set behind the prefix
     */
    public static Subnet6 parse(String word) {
        int slash = word.indexOf('/');
        if (slash < 0 || !word.substring(slash + 1).matches("\\d{1,3}")) {
            throw new IllegalArgumentException("'" + word + "' is no subnet");
        }
        return new Subnet6(Ipv6.parse(word.substring(0, slash)), Integer.parseInt(word.substring(slash + 1)));
    }

    public boolean contains(Ipv6 address) {
        return address.masked(prefix).equals(first);
    }

    /** Whether some address is in both. */
    public boolean overlaps(Subnet6 other) {
        return prefix <= other.prefix ? contains(other.first) : other.contains(first);
    }

    @Override
    public String toString() {
        return first + "/" + prefix;
    }
}
