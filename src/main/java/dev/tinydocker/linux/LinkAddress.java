package dev.tinydocker.linux;

/**
 * An address of a link.
 *
 * @param link its index
 * @param prefix how many bits of the address the link's neighbours share
 */
public record LinkAddress(int link, Ipv4 address, int prefix) {

    public Subnet subnet() {
        return Subnet.of(address, prefix);
    }
}
