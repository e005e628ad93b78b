/**
 * Layers as tar archives: unpacked into a directory whatever is in them, packed from one, compressed or not, and what a
 * writable layer changes. In: streams and directories. Out: directories and streams, or an
 * {@link dev.tinydocker.problem.InvalidRequest} that says which entry is wrong. Has never heard of images.
 */
@ApplicationModule(allowedDependencies = { "linux", "problem" })
@NullMarked
package dev.tinydocker.archive;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
