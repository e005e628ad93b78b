package dev.tinydocker.rootfs;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The layers of one overlay mount, the topmost first. Layers that lie beside each other are named without their
 * directory, in which the mount is then made: the options of an overlay fit a page, or it cannot be mounted.
 *
 * @param beside the directory of all of them; null where there is one layer, or several directories
 */
record Overlay(List<Path> layers, @Nullable Path beside) {

    /** Whatever this host's default is: what a container has written is to be read without the layers below. */
    private static final String ALL_IN_UPPER = ",redirect_dir=off,metacopy=off";

    static Overlay of(List<Path> layers) {
        Path first = layers.getFirst().getParent();
        boolean together = layers.size() > 1
                && layers.stream().allMatch(layer -> Objects.equals(first, layer.getParent()));
        return new Overlay(layers, together ? first : null);
    }

    /** What names a layer in the options. */
    private Path name(Path layer) {
        return beside == null ? layer : layer.getFileName();
    }

    /**
     * The options of mount(2) for a directory of these layers.
     *
     * @param path relative, empty for all
     * @param ephemeral without it the end of the mount syncs the whole file system that the upper directory is on
     */
    String options(List<Path> some, String path, Path upper, Path work, boolean ephemeral) {
        String below = path.isEmpty() ? "" : "/" + escape(path);
        String lower = some.stream().map(layer -> escape(name(layer).toString()) + below)
                .collect(Collectors.joining(":"));
        return "lowerdir=" + lower + ",upperdir=" + escape(upper.toString()) + ",workdir=" + escape(work.toString())
                + ALL_IN_UPPER + (ephemeral ? ",volatile" : "");
    }

    /** A comma ends an option and a colon a layer, unless a backslash stands before them. */
    private static String escape(String path) {
        return path.replace("\\", "\\\\").replace(",", "\\,").replace(":", "\\:");
    }
}
