/**
 * Images: what they are called, what is in them, and where that is kept: blobs as they came, layers unpacked once for
 * all images that have them. In: references, archives, what a registry gives. Out: an {@link
 * dev.tinydocker.image.Image}, whose layers are directories. Knows nothing of containers but that some use an image.
 */
@ApplicationModule(allowedDependencies = { "registry", "archive", "metrics", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.image;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
