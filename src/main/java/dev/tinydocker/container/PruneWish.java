package dev.tinydocker.container;

import dev.tinydocker.image.Image;
import dev.tinydocker.network.Network;
import dev.tinydocker.volume.Volume;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is to be cleared away of what nobody uses.
 *
 * @param containers which of those that have ended
 * @param networks which of those that no running container is connected to
 * @param volumes which of those that no container uses and nobody has named; empty for none
 * @param images which of those that no container uses
 * @param named images with a name too, and archives of root file systems
 * @param rest downloads that were broken off, and unpacked root file systems
 */
public record PruneWish(Predicate<Container> containers, Predicate<Network> networks,
        Optional<Predicate<Volume>> volumes, Predicate<Image> images, boolean named, boolean rest) {
}
