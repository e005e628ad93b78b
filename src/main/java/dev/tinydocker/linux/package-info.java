/**
 * System calls, through JNA: the only room that knows native code. In: plain values. Out: descriptors, numbers, bytes,
 * or a {@link dev.tinydocker.linux.SyscallException}. Has never heard of containers.
 */
@ApplicationModule(allowedDependencies = { "problem" })
@NullMarked
package dev.tinydocker.linux;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
