/**
 * What the engine shows over HTTP: metrics. In: an address and a port. Out: pages. Changes nothing.
 */
@ApplicationModule(allowedDependencies = { "container", "cgroup", "metrics", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
