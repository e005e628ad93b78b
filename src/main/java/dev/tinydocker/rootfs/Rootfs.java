package dev.tinydocker.rootfs;

import java.nio.file.Path;
import java.util.List;

/**
 * Files to start a container from.
 *
 * @param name as people know it: the catalogue's name, or the directory
 * @param lower directories that are never written to, the topmost first
 * @param command what is executed where nothing else was asked
 * @param environment {@code NAME=value}
 */
public record Rootfs(String name, List<Path> lower, List<String> command, List<String> environment) {

    public Rootfs {
        lower = List.copyOf(lower);
        command = List.copyOf(command);
        environment = List.copyOf(environment);
    }
}
