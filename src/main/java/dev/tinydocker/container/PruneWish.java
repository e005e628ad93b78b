package dev.tinydocker.container;

import dev.tinydocker.image.Image;

import java.util.function.Predicate;

/**
 * What is to be cleared away of what nobody uses.
 *
 * @param containers which of those that have ended
 * @param images which of those that no container uses
 * @param named images with a name too, and archives of root file systems
 * @param rest downloads that were broken off, and unpacked root file systems
 */
public record PruneWish(Predicate<Container> containers, Predicate<Image> images, boolean named, boolean rest) {
}
