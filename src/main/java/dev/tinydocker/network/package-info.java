/**
 * What a container sees of the network, and the three files that tell it so. In: a mode and a host name. Out: steps.
 */
@ApplicationModule(allowedDependencies = { "plan", "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.network;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
