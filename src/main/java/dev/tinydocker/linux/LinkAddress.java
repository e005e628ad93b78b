package dev.tinydocker.linux;

/** An address of a link, and how much of it the link's neighbours share. */
public record LinkAddress(int link, Ipv4 address, int prefix) {

    public Subnet subnet() {
        return Subnet.of(address, prefix);
    }
}
