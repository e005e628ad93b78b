package dev.tinydocker.container;

import dev.tinydocker.volume.Mount;
import dev.tinydocker.volume.VolumeUsers;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The volumes that containers have; one that has ended and is about to be gone needs none any more. */
@Component
class UsedVolumes implements VolumeUsers {

    private final ContainerRecord record;
    private final Claims claims;

    UsedVolumes(ContainerRecord record, Claims claims) {
        this.record = record;
        this.claims = claims;
    }

    @Override
    public List<Use> uses() {
        return record.list().stream().filter(container -> !container.isLeaving())
                .flatMap(container -> container.spec().mounts().stream()
                        .map(mount -> mount instanceof Mount.Bind bind ? bind.volume() : null).filter(Objects::nonNull)
                        .map(volume -> new Use(volume.name(), container.shortId(), container.state().isAlive())))
                .toList();
    }

    @Override
    public List<Path> bound() {
        return record.list().stream().flatMap(container -> container.spec().mounts().stream())
                .filter(Mount.Bind.class::isInstance).map(mount -> Path.of(((Mount.Bind) mount).source())).toList();
    }

    @Override
    public void removing(Runnable removal) {
        claims.remove(removal);
    }
}
