package dev.tinydocker.container;

import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NetworkMembers;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Component;

import java.util.List;

/** Tells containers that run of the networks that they have come into or left: in the files that names are found by. */
@Component
class NameFiles {

    private final NetworkMembers members;
    private final PlanComposer composer;
    private final Layout layout;

    NameFiles(NetworkMembers members, PlanComposer composer, Layout layout) {
        this.members = members;
        this.composer = composer;
        this.layout = layout;
    }

    /** @param before what it had of networks @param after what it has */
    void renew(Container container, List<Lease> before, List<Lease> after) {
        HostHalf.execute(members.files(layout.containerRun(container.id()), composer.hostname(container),
                container.spec().network(), before, after));
    }
}
