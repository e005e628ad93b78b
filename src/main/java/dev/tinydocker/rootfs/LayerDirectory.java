package dev.tinydocker.rootfs;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory as a stack of layers shows it.
 *
 * @param layers those that have it and are not hidden, the topmost first; may be none
 * @param stat of the topmost one, null where there is none
 */
record LayerDirectory(List<Path> layers, @Nullable FileStat stat) {

    private static final String OPAQUE = "trusted.overlay.opaque";

    /** @param path relative; what leads there through a link is not there */
    static LayerDirectory find(List<Path> layers, String path) {
        List<Path> found = new ArrayList<>();
        FileStat top = null;
        for (Path layer : layers) {
            LayerDirectory one = look(layer, path);
            if (one.stat != null) {
                top = top == null ? one.stat : top;
                found.add(layer);
            }
            if (one.layers.isEmpty()) {
                break;
            }
        }
        return new LayerDirectory(List.copyOf(found), top);
    }

    /** What one layer has there. It is in the list itself unless it hides what is below. */
    private static LayerDirectory look(Path layer, String path) {
        boolean hides = false;
        FileStat stat = null;
        List<DirectoryHandle> way = new ArrayList<>();
        try {
            DirectoryHandle here = DirectoryHandle.open(layer);
            way.add(here);
            for (String name : path.split("/")) {
                byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
                // A whiteout, a file or a link hides all that is below under this name.
                hides |= !here.stat(bytes).isDirectory();
                here = here.directory(bytes);
                way.add(here);
                hides |= here.attribute(OPAQUE).isPresent();
            }
            stat = here.stat();
        } catch (SyscallException e) {
            // ENOENT, or ENOTDIR for what is no directory: this layer does not show it.
            stat = null;
        } finally {
            way.forEach(DirectoryHandle::close);
        }
        return new LayerDirectory(hides ? List.of() : List.of(layer), stat);
    }
}
