/**
 * The guided course, from chroot to a container: lessons as files, and child shells that do their steps for real. In: a
 * number. Out: what is to be read, done and seen. Knows nothing of containers. Table: lesson.
 */
@ApplicationModule(allowedDependencies = { "linux", "store", "problem" })
@NullMarked
package dev.tinydocker.lesson;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
