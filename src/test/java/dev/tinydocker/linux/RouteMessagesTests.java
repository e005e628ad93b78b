package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.HexFormat;

/** Messages, byte for byte, on a machine that writes the low byte first; heads are set apart from attributes. */
class RouteMessagesTests {

    private static final byte[] MAC = { 2, 0x74, 10, 0, 0, 2 };
    private static final Ipv4 ADDRESS = Ipv4.parse("10.0.0.2");
    private static final Subnet SUBNET = Subnet.parse("10.0.0.0/24");

    @Test
    void aLinkIsSetUp() {
        assertBytes(RouteMessages.setUp(1), "20000000 1000 0500 00000000 00000000",
                "00 00 0000 01000000 01000000 01000000");
    }

    @Test
    void aBridgeIsMadeDown() {
        assertBytes(RouteMessages.newBridge("br0", MAC, 1500), "58000000 1000 0506 00000000 00000000",
                "00 00 0000 00000000 00000000 00000000", "0800 0300 62723000",
                "0a00 0100 02740a000002 0000", "0800 0400 dc050000",
                "1c00 1200 0b00 0100 62726964676500 00",
                "0c00 0200 0500 1700 00 000000");
    }

    @Test
    void aPortOfABridgeMaySendToItself() {
        assertBytes(RouteMessages.hairpin(3), "3c000000 1000 0500 00000000 00000000",
                "00 00 0000 03000000 00000000 00000000", "1c00 1200", "0b00 0400 62726964676500 00",
                "0c00 0500 0500 0400 01 000000");
    }

    @Test
    void anIpv6AddressOfTheKernelsOwnIsKeptAway() {
        assertBytes(RouteMessages.withoutIpv6(3), "30000000 1000 0500 00000000 00000000",
                "00 00 0000 03000000 00000000 00000000", "1000 1a00 0c00 0a00 0500 0800 01 000000");
    }

    @Test
    void anAddressComesWithItsSubnet() {
        assertBytes(RouteMessages.newAddress(16, ADDRESS, SUBNET), "30000000 1400 0506 00000000 00000000",
                "02 18 00 00 10000000", "0800 0200 0a000002", "0800 0100 0a000002", "0800 0400 0a0000ff");
    }

    @Test
    void theDefaultRouteHasNoDestination() {
        assertBytes(RouteMessages.newDefaultRoute(Ipv4.parse("10.0.0.1"), 16), "2c000000 1800 0505 00000000 00000000",
                "02 00 00 00 fe 03 00 01 00000000", "0800 0500 0a000001", "0800 0400 10000000");
    }

    @Test
    void theOtherEndIsAskedForByNameAndNamespace() {
        assertBytes(RouteMessages.getLinkThere("veth0", 0), "34000000 1200 0500 00000000 00000000",
                "00 00 0000 00000000 00000000 00000000", "0800 2e00 00000000", "0a00 0300 766574683000 0000");
    }

    private static void assertBytes(NetlinkMessage message, String... hex) {
        assertThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(HexFormat.of().formatHex(message.bytes())).isEqualTo(String.join("", hex).replace(" ", ""));
    }
}
