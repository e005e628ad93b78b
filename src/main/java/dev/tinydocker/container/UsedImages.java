package dev.tinydocker.container;

import dev.tinydocker.image.ImageUsers;
import org.springframework.stereotype.Component;

import java.util.List;

/** The images that containers were made from; one that has ended and is about to be gone needs none any more. */
@Component
class UsedImages implements ImageUsers {

    private final ContainerRecord record;
    private final Claims claims;

    UsedImages(ContainerRecord record, Claims claims) {
        this.record = record;
        this.claims = claims;
    }

    @Override
    public List<Use> uses() {
        return record.list().stream().filter(container -> container.spec().imageId() != null && !container.isLeaving())
                .map(container -> new Use(String.valueOf(container.spec().imageId()), container.shortId(),
                        container.state().isAlive())).toList();
    }

    @Override
    public void removing(Runnable removal) {
        claims.remove(removal);
    }
}
