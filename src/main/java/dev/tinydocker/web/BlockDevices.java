package dev.tinydocker.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The names of block devices, as in {@code /dev/vda}, looked up once for a page. */
final class BlockDevices {

    private final Map<String, String> names = new HashMap<>();

    /** The numbers themselves where the device is gone. */
    String name(int major, int minor) {
        return names.computeIfAbsent(major + ":" + minor, numbers -> {
            try {
                return "/dev/" + Files.readSymbolicLink(Path.of("/sys/dev/block/" + numbers)).getFileName();
            } catch (IOException e) {
                return numbers;
            }
        });
    }
}
