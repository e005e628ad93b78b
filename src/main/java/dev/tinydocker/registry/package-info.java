/**
 * Registries, over HTTP: manifests, blobs, tags, and who may have them. In: a registry, a repository, a digest. Out:
 * bytes as they came. Knows nothing of layers, platforms or what is stored on this host; whether a blob is what its
 * digest says is checked by whoever writes it down.
 */
@ApplicationModule(allowedDependencies = { "linux", "problem" })
@NullMarked
package dev.tinydocker.registry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
