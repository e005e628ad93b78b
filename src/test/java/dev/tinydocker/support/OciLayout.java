package dev.tinydocker.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Images for tests, made by umoci: independent of what is tested. */
public final class OciLayout {

    private OciLayout() {
    }

    /**
     * Makes a layout with one image of one layer, the host's static busybox.
     *
     * @param layout does not exist yet; scratch directories lie beside it
     * @param tag of the image
     */
    public static void busybox(Path layout, String tag) throws IOException {
        Path bundle = Path.of(layout + ".bundle");
        Commands.run("umoci", "init", "--layout", layout.toString());
        Commands.run("umoci", "new", "--image", layout + ":" + tag);
        Commands.run("umoci", "unpack", "--image", layout + ":" + tag, bundle.toString());
        BusyboxTree.make(bundle.resolve("rootfs"));
        Commands.run("umoci", "repack", "--image", layout + ":" + tag, bundle.toString());
        Commands.run("umoci", "config", "--image", layout + ":" + tag, "--config.cmd", "/bin/sh", "--config.env",
                "PATH=/bin");
        Commands.run("rm", "-rf", bundle.toString());
    }

    /** Adds a layer with one more file to an image, under another tag. */
    public static void addFile(Path layout, String tag, String newTag, String name, byte[] content) throws IOException {
        Path file = Files.createTempFile(layout.toAbsolutePath().getParent(), "added", "");
        try {
            Files.write(file, content);
            Commands.run("umoci", "insert", "--image", layout + ":" + tag, "--tag", newTag, file.toString(), name);
        } finally {
            Files.delete(file);
        }
    }
}
