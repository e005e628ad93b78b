package dev.tinydocker.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The modules that are there for a kernel, loaded or not, or built into it: modules.dep(5).
 *
 * @param list what its lists say; empty where this host has none
 */
record KernelModules(String list) {

    /** Those of the kernel that runs. */
    static KernelModules ofThisHost() {
        return in(Path.of("/lib/modules/" + System.getProperty("os.version")));
    }

    static KernelModules in(Path directory) {
        return new KernelModules(read(directory.resolve("modules.dep")) + read(directory.resolve("modules.builtin")));
    }

    /** False where there is no telling. */
    boolean areKnown() {
        return !list.isEmpty();
    }

    boolean has(String name) {
        return list.contains("/" + name + ".ko");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
