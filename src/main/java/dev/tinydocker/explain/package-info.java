/**
 * What a container is made of, for a person who wants to see it: read from the kernel's own files while it runs, from
 * the record when it does not; and pages on what it is read from. In: a container's name, or a subject. Out: an {@link
 * dev.tinydocker.explain.Anatomy}, or a page. Changes nothing.
 */
@ApplicationModule(allowedDependencies = { "container", "cgroup", "namespace", "network", "rootfs", "security",
        "volume", "shim", "linux", "plan", "store", "problem" })
@NullMarked
package dev.tinydocker.explain;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
