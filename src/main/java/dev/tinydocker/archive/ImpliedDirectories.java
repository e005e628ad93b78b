package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Directories that an archive does not list though files of it lie in them: unpacked over the layers below, they stay
 * as they are there. Overlayfs shows a directory as the topmost layer has it, and that one knows nothing of the others.
 * So the layers of one image get a further one on top, with those directories and nothing in them, as they are to be
 * seen. Platform threads only.
 */
public final class ImpliedDirectories {

    private static final int DEEPEST = 1000;

    private final List<Path> layers;
    private final Map<String, Seen> wanted = new TreeMap<>();
    private final Map<String, Boolean> known = new TreeMap<>();

    private ImpliedDirectories(List<Path> layers) {
        this.layers = layers;
    }

    /** A directory as it is to be seen. */
    private record Seen(FileStat stat, Map<String, byte[]> attributes) {
    }

    /** What one layer has under a path: nothing where {@code seen} is null; {@code last} where it hides those below. */
    private record Look(@Nullable Seen seen, boolean implied, boolean last) {
    }

    /** Whether a layer has such directories. */
    public static boolean isIn(Path layer) {
        try (DirectoryHandle top = DirectoryHandle.open(layer)) {
            return top.attribute(Whiteouts.IMPLIES).isPresent();
        }
    }

    /**
     * Makes the directories that are otherwise than the topmost layer that has them shows them.
     *
     * @param layers unpacked for overlayfs, the topmost first
     * @param target an empty directory
     * @return false where there is none
     */
    public static boolean make(List<Path> layers, Path target) {
        ImpliedDirectories all = new ImpliedDirectories(layers);
        try {
            for (Path layer : layers) {
                if (isIn(layer)) {
                    try (DirectoryHandle top = DirectoryHandle.open(layer)) {
                        all.walk(top, "", 0);
                    }
                }
            }
            all.write(target);
        } catch (SyscallException e) {
            throw new SystemFailure("stack layers in '" + target + "'", String.valueOf(e.getMessage()), "", e);
        }
        return !all.wanted.isEmpty();
    }

    private void walk(DirectoryHandle directory, String path, int depth) {
        for (List<byte[]> some = directory.someNames(); !some.isEmpty(); some = directory.someNames()) {
            for (byte[] name : some) {
                if (depth < DEEPEST && directory.stat(name).isDirectory()) {
                    enter(directory, name, path + (path.isEmpty() ? "" : "/") + text(name), depth + 1);
                }
            }
        }
    }

    private void enter(DirectoryHandle above, byte[] name, String path, int depth) {
        try (DirectoryHandle directory = above.directory(name)) {
            if (isImplied(directory) && known.putIfAbsent(path, true) == null) {
                consider(path);
            }
            walk(directory, path, depth);
        }
    }

    private void consider(String path) {
        List<Look> looks = looks(path);
        if (!looks.isEmpty() && looks.getFirst().implied && looks.stream().anyMatch(look -> !look.implied)) {
            wanted.put("", best(looks("")));
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                wanted.computeIfAbsent(path.substring(0, slash), above -> best(looks(above)));
            }
            wanted.put(path, best(looks));
        }
    }

    /** As the topmost layer has it that lists it. */
    private static Seen best(List<Look> looks) {
        Look listed = looks.stream().filter(look -> !look.implied).findFirst().orElseGet(looks::getFirst);
        Seen seen = listed.seen;
        if (seen == null) {
            throw new IllegalStateException("only what is there is kept");
        }
        return seen;
    }

    /** What the layers have there that are not hidden, the topmost first. */
    private List<Look> looks(String path) {
        List<Look> found = new ArrayList<>();
        for (Path layer : layers) {
            Look look = look(layer, path);
            if (look.seen != null) {
                found.add(look);
            }
            if (look.last) {
                break;
            }
        }
        return found;
    }

    private static Look look(Path layer, String path) {
        List<DirectoryHandle> way = new ArrayList<>();
        boolean last = false;
        try {
            DirectoryHandle here = DirectoryHandle.open(layer);
            way.add(here);
            for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
                if (!here.stat(bytes(name)).isDirectory()) {
                    return new Look(null, false, true);
                }
                here = here.directory(bytes(name));
                way.add(here);
                last |= here.attribute(Whiteouts.OPAQUE).isPresent();
            }
            return new Look(new Seen(here.stat(), Attributes.get(here)), isImplied(here), last);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return new Look(null, false, last);
            }
            throw e;
        } finally {
            way.forEach(DirectoryHandle::close);
        }
    }

    /** Parents come before what is in them; times come last, from the innermost outwards. */
    private void write(Path target) {
        try (DirectoryHandle top = DirectoryHandle.open(target)) {
            List<String> paths = List.copyOf(wanted.keySet());
            for (String path : paths) {
                int slash = path.lastIndexOf('/');
                if (!path.isEmpty()) {
                    try (DirectoryHandle above = beneath(top, slash < 0 ? "" : path.substring(0, slash))) {
                        above.makeDirectory(bytes(path.substring(slash + 1)), 0700);
                    }
                }
            }
            for (String path : paths.reversed()) {
                Seen seen = wanted.get(path);
                if (seen != null) {
                    try (DirectoryHandle made = beneath(top, path)) {
                        made.owner(seen.stat.user(), seen.stat.group());
                        made.mode(seen.stat.permissions());
                        Attributes.set(made, seen.attributes);
                        made.modified(seen.stat.modified());
                    }
                }
            }
        }
    }

    private static DirectoryHandle beneath(DirectoryHandle top, String path) {
        return top.beneath(bytes(path.isEmpty() ? "." : path));
    }

    private static boolean isImplied(DirectoryHandle directory) {
        byte[] mark = directory.attribute(Whiteouts.IMPLIED).orElse(Whiteouts.NO);
        return mark.length == 1 && mark[0] == Whiteouts.YES[0];
    }

    /** Names are bytes; a character each keeps them apart. */
    private static String text(byte[] name) {
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
