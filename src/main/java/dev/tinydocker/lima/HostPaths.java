package dev.tinydocker.lima;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.shell.HostWords;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where the virtual machine sees what is on this host.
 *
 * @param directory what relative paths start from
 */
record HostPaths(List<SharedDirectory> shared, Path directory) implements HostWords.Places {

    /** Of those that lead to another: as many as Linux follows. */
    private static final int MOST_LINKS = 40;

    /**
     * The place of a file of this host in the machine.
     *
     * @param what what it is to be, as in {@code rootfs}
     * @throws InvalidRequest where it is not shared
     */
    @Override
    public String place(String what, String path) {
        return find(path).orElseThrow(() -> refused(what, path));
    }

    @Override
    public String placeUnfollowed(String what, String path) {
        Path absolute = directory.resolve(path).normalize();
        Path parent = absolute.getParent();
        return find(parent == null ? absolute : real(parent).resolve(absolute.getFileName()))
                .orElseThrow(() -> refused(what, path));
    }

    private InvalidRequest refused(String what, String path) {
        return new InvalidRequest("use it in the virtual machine", unshared(what, path),
                "'" + real(directory.resolve(path).normalize()) + "' is in none of " + locations());
    }

    /**
     * The same, where there is such a place. A link is followed, also to where nothing is yet: what is shared is its
     * target.
     */
    Optional<String> find(String path) {
        return find(real(directory.resolve(path).normalize()));
    }

    private Optional<String> find(Path absolute) {
        return shared.stream().filter(one -> absolute.startsWith(real(one.location())))
                .max(Comparator.comparingInt(one -> one.location().getNameCount()))
                .map(one -> Path.of(one.mountPoint()).resolve(real(one.location()).relativize(absolute)).normalize()
                        .toString());
    }

    static String unshared(String what, String path) {
        return what + " \"" + path + "\" is not accessible inside Lima: ensure the workspace is shared with the VM";
    }

    String locations() {
        return shared.isEmpty() ? "the shared directories, there are none"
                : shared.stream().map(one -> "'" + one.location() + "'").collect(Collectors.joining(", "));
    }

    private static Path real(Path path) {
        return real(path, MOST_LINKS);
    }

    /** What does not exist has the name that its nearest directory gives it. */
    private static Path real(Path path, int links) {
        Path parent = path.getParent();
        try {
            return path.toRealPath();
        } catch (IOException e) {
            if (parent == null) {
                return path;
            }
        }
        Path place = real(parent, links).resolve(path.getFileName());
        try {
            // Left as it is, it would be followed in the machine, to what is in there.
            return links > 0 ? real(place.resolveSibling(Files.readSymbolicLink(place)).normalize(), links - 1) : place;
        } catch (IOException e) {
            return place;
        }
    }
}
