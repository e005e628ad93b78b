/**
 * The life of containers: the state machine, the rows, and the one place that knows every service and composes the
 * plan.
 */
@ApplicationModule(allowedDependencies = { "namespace", "cgroup", "rootfs", "network", "volume", "security", "log",
        "shim", "image", "archive", "metrics", "plan", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.container;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
