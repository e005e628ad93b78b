/** The sessions of {@code src/test/acceptance}, replayed in every way a user has to give commands. */
@NullMarked
package dev.tinydocker.acceptance;

import org.jspecify.annotations.NullMarked;
