/**
 * What a container sees of the network, and what sees it: addresses, the bridge, the packet filter, and the three files
 * that tell a container so. In: a container's id, a mode and a host name. Out: a lease, saved first, and steps. Knows
 * nothing of images or processes. Tables: network, lease,
 * published_port.
 */
@ApplicationModule(allowedDependencies = { "plan", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.network;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
