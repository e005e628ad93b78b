/**
 * Which namespaces a container gets, and whose users its users are. In: wishes. Out: steps.
 */
@ApplicationModule(allowedDependencies = { "plan", "linux", "problem" })
@NullMarked
package dev.tinydocker.namespace;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
