package dev.tinydocker.container;

import dev.tinydocker.rootfs.RootfsUsers;
import org.springframework.stereotype.Component;

import java.util.List;

/**
 * The root file systems of the catalogue that containers were made from; one that has ended and is about to be gone
 * needs none any more.
 */
@Component
class UsedRootfs implements RootfsUsers {

    private final ContainerRecord record;
    private final Claims claims;

    UsedRootfs(ContainerRecord record, Claims claims) {
        this.record = record;
        this.claims = claims;
    }

    @Override
    public List<Use> uses() {
        return record.list().stream()
                .filter(container -> container.spec().imageId() == null && container.spec().image() != null
                        && !container.isLeaving())
                .map(container -> new Use(String.valueOf(container.spec().image()), container.shortId())).toList();
    }

    @Override
    public void removing(Runnable removal) {
        claims.remove(removal);
    }
}
