/**
 * The commands: parses the Docker way, asks one room, prints. Knows neither sockets nor terminals: a {@link
 * dev.tinydocker.shell.Session} stands for both.
 */
@ApplicationModule(allowedDependencies = { "container", "explain", "image", "registry", "cgroup",
        "namespace", "rootfs", "network", "volume", "security", "log",
        "shim", "plan", "lesson", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.shell;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
