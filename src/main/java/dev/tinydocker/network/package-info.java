/**
 * The networks there are, what a container sees of them, and what sees it: addresses, bridges, the packet filter, the
 * name server, and the three files that tell a container so. In: a container's id, name and wishes. Out: leases, saved
 * first, and steps. Knows nothing of images or processes. Tables: network, lease, published_port.
 */
@ApplicationModule(allowedDependencies = { "plan", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.network;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
