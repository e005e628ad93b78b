package dev.tinydocker.lima;

import java.nio.file.Path;

/**
 * A directory of this host that the virtual machine sees.
 *
 * @param location where it is here
 * @param mountPoint where it is there
 */
record SharedDirectory(Path location, String mountPoint, boolean writable) {
}
