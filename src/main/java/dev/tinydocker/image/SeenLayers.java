package dev.tinydocker.image;

import dev.tinydocker.archive.Whiteouts;
import dev.tinydocker.store.Layout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which layers of a stack are seen. That one hides all below it is looked for here: overlayfs asks every directory but
 * the top whether it does.
 */
final class SeenLayers {

    private final Layout layout;
    /** By number: a layer is as it is, and asked once. */
    private final Map<Long, Boolean> hiding = new ConcurrentHashMap<>();

    SeenLayers(Layout layout) {
        this.layout = layout;
    }

    List<Path> topmostFirst(List<Long> lowestFirst) {
        List<Path> seen = new ArrayList<>();
        for (long number : lowestFirst.reversed()) {
            Path layer = layout.layer(number);
            seen.add(layer);
            if (hiding.computeIfAbsent(number, _ -> Whiteouts.hidesAllBelow(layer))) {
                break;
            }
        }
        return seen;
    }
}
