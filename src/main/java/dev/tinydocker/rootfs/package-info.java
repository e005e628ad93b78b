/**
 * The files a container starts from: a directory or an entry of the catalogue, stacked under a writable directory. In:
 * a name or a directory. Out: steps.
 */
@ApplicationModule(allowedDependencies = { "archive", "registry", "plan", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.rootfs;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
