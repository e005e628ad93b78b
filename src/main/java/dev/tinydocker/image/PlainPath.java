package dev.tinydocker.image;

import java.util.ArrayList;
import java.util.List;

/** Paths as documents and archives write them, as text: what this host's file system makes of it does not matter. */
final class PlainPath {

    private PlainPath() {
    }

    /** Relative, without detours and doubled slashes; what leads above the top ends there. Empty for the top. */
    static String of(String path) {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/")) {
            if (name.equals("..")) {
                if (!names.isEmpty()) {
                    names.removeLast();
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return String.join("/", names);
    }
}
