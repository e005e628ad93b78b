/**
 * What the engine shows over HTTP: metrics, and a dashboard. In: an address and a port. Out: pages. Changes something
 * only for who has the token.
 */
@ApplicationModule(allowedDependencies = { "explain", "container", "cgroup", "log", "metrics", "linux", "store",
        "problem" })
@NullMarked
package dev.tinydocker.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
