/**
 * The kinds of failure a user can meet and the one grammar they are said in. In: what could not be done, on which
 * object, why, and what to do. Out: one line. Knows nothing of containers, files or the kernel.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.tinydocker.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
