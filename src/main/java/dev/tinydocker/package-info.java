/** tiny-docker. Each direct sub-package is a room; its {@code package-info} is its sign. */
@NullMarked
package dev.tinydocker;

import org.jspecify.annotations.NullMarked;
