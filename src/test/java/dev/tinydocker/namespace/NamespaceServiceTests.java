package dev.tinydocker.namespace;

import static dev.tinydocker.plan.CloneFlags.*;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
