package dev.tinydocker.namespace;

import static dev.tinydocker.plan.CloneFlags.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.plan.ShimStep;
import org.junit.jupiter.api.Test;

import java.util.Set;

class NamespaceServiceTests {

    private final NamespaceService namespaces = new NamespaceService();

    @Test
    void aProcessBornInItsCgroupGetsTheCgroupNamespaceToo() {
        assertThat(namespaces.clone(true, true, "/sys/fs/cgroup/tiny/1").flags())
                .isEqualTo(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP);
        assertThat(namespaces.clone(true, true, "/sys/fs/cgroup/tiny/1").cgroup()).isEqualTo("/sys/fs/cgroup/tiny/1");
    }

    @Test
    void theHostsNetworkAndALaterCgroupNamespaceAreLeftOut() {
        assertThat(namespaces.clone(false, false, "").flags())
                .isEqualTo(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC);
    }

    @Test
    void aFurtherProcessJoinsAllThatIsTheContainersOwn() {
        assertThat(namespaces.joinFlags(true, false)).isEqualTo(namespaces.clone(true, true, "").flags());
        assertThat(namespaces.joinFlags(false, false) & CLONE_NEWNET).isZero();
    }

    @Test
    void whatIsUsualOfANetworkIsLeftToWhoAsksForItHimself() {
        assertThat(namespaces.usual(true, Users.HOST, Set.of())).extracting(ShimStep::what).containsExactly(
                "write 0 2147483647 to /proc/sys/net/ipv4/ping_group_range",
                "write 0 to /proc/sys/net/ipv4/ip_unprivileged_port_start");
        assertThat(namespaces.usual(true, Users.HOST, Set.of("net.ipv4.ping_group_range"))).hasSize(1);
        assertThat(namespaces.usual(true, Users.HOST, Set.of("net/ipv4/ip_unprivileged_port_start", "kernel.sem"))).hasSize(2);
        assertThat(namespaces.usual(true, Users.parse("map=0:100000:10,10:200:5"), Set.of())).first()
                .extracting(ShimStep::what).isEqualTo("write 200 100009 to /proc/sys/net/ipv4/ping_group_range");
        assertThat(namespaces.usual(true, Users.parse("map=0:3000000000:10"), Set.of())).hasSize(1);
        assertThat(namespaces.usual(false, Users.HOST, Set.of())).isEmpty();
    }
}
