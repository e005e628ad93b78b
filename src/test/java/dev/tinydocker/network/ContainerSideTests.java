package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.plan.ShimStep;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

class ContainerSideTests {

    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_NEWROUTE = 24;
    private static final Lease LEASE = SampleNetwork.lease("web", "10.1.0.2");

    @Test
    void aContainerThatIsConnectedToNothingSetsLoUp() {
        ShimStep.Netlink netlink = (ShimStep.Netlink) ContainerSide.loopback().getFirst();
        ByteBuffer message = ByteBuffer.wrap(netlink.messages()).order(ByteOrder.nativeOrder());
        assertThat(types(netlink)).containsExactly(RTM_NEWLINK);
        assertThat(message.getInt(20)).as("index").isEqualTo(1);
        assertThat(message.getInt(24)).as("IFF_UP").isEqualTo(1);
    }

    @Test
    void aConnectedOneWaitsForItsLinkAndThenSetsItUpBeforeItRoutesByIt() {
        List<ShimStep> steps = ContainerSide.connected(List.of(LEASE), false);
        assertThat(steps).hasSize(2);
        assertThat(steps.getFirst()).isInstanceOf(ShimStep.Await.class);
        assertThat(types((ShimStep.Netlink) steps.getLast())).containsExactly(RTM_NEWLINK, RTM_NEWLINK, RTM_NEWADDR,
                RTM_NEWROUTE, RTM_GETLINK);
        assertThat(types((ShimStep.Netlink) ContainerSide.connected(List.of(LEASE), true).getLast())).hasSize(6);
    }

    @Test
    void aLinksNameAndHardwareAddressFollowFromTheLease() {
        assertThat(LEASE.linkName()).isEqualTo("tny1234567");
        assertThat(LEASE.mac()).containsExactly(2, 0x74, 10, 1, 0, 2);
    }

    private static List<Integer> types(ShimStep.Netlink step) {
        ByteBuffer messages = ByteBuffer.wrap(step.messages()).order(ByteOrder.nativeOrder());
        List<Integer> types = new ArrayList<>();
        for (int at = 0; at < messages.limit(); at += messages.getInt(at) + 3 & ~3) {
            types.add((int) messages.getShort(at + 4));
        }
        return types;
    }
}
