package dev.tinydocker.cgroup;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.plan.DeviceNumber;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

import static dev.tinydocker.problem.InvalidRequest.ofOption;

/**
 * Devices of this host that a container is given beside the usual ones; kept with it as JSON.
 *
 * @param nodes to be made in its {@code /dev}
 * @param rules {@code --device-cgroup-rule}: what it may open that somebody else makes, as cgroup v1 takes it
 */
public record Devices(List<Node> nodes, List<String> rules) {

    public static final Devices USUAL = new Devices(List.of(), List.of());

    private static final Pattern RULE = Pattern.compile("[acb] ([0-9]{1,9}|\\*):([0-9]{1,9}|\\*) [rwm]{1,3}");
    private static final Pattern ACCESS = Pattern.compile("[rwm]{1,3}");
    private static final Path DEV = Path.of("/dev");
    private static final Set<String> OWN = Set.of("/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/console", "/dev/ptmx");
    private static final int S_IFMT = 0170000;
    private static final int S_IFCHR = 0020000;
    private static final int S_IFBLK = 0060000;

    public Devices {
        nodes = List.copyOf(nodes);
        rules = List.copyOf(rules);
    }

    /**
     * {@code --device}.
     *
     * @param access some of {@code rwm}: read, write, mknod
     */
    public record Node(String source, String target, String access) {
    }

    /** A node as it is on this host. @param mode with the kind @param device as makedev(3) composes it */
    public record Found(Node node, int mode, long device) {

        /** What lets it be opened. */
        String rule() {
            return DeviceNumber.kind(mode) + " " + DeviceNumber.major(device) + ":" + DeviceNumber.minor(device) + " "
                    + node.access;
        }
    }

    /** {@code HOST[:CONTAINER][:rwm]}. */
    public static Node node(String word) {
        String[] parts = word.split(":", -1);
        String last = parts[parts.length - 1];
        boolean access = parts.length > 1 && ACCESS.matcher(last).matches();
        String target = parts.length > (access ? 2 : 1) ? parts[1] : parts[0];
        if (parts.length > 3 || parts.length == 3 && !access || !parts[0].startsWith("/")) {
            throw ofOption("--device", word, "it is not HOST[:CONTAINER][:rwm]", "as in /dev/fuse:/dev/fuse:rw");
        }
        if (!target.startsWith("/dev/") || !Path.of(target).equals(Path.of(target).normalize())) {
            throw ofOption("--device", word, "'" + target + "' is not in /dev, and devices elsewhere do not open",
                    "name a place in /dev");
        }
        return new Node(parts[0], target, access ? last : "rwm");
    }

    /** {@code KIND MAJOR:MINOR ACCESS}, as cgroup v1 takes it. */
    public static String rule(String word) {
        if (!RULE.matcher(word).matches()) {
            throw ofOption("--device-cgroup-rule", word, "it is not KIND MAJOR:MINOR ACCESS", "as in 'c 10:229 rwm'");
        }
        return word;
    }

    /**
     * The nodes as they are now, those of a directory and of all below it one by one.
     *
     * @throws NotFound where one is missing
     * @throws InvalidRequest where one is no device, or a directory without any
     */
    public List<Found> find() {
        List<Found> found = new ArrayList<>();
        for (Node node : nodes) {
            String what = "give the device '" + node.source + "'";
            if (!Files.exists(Path.of(node.source))) {
                throw new NotFound(what, "there is no such device", "name one of this host's, as in /dev/fuse");
            }
            try {
                Path source = Path.of(node.source).toRealPath();
                boolean several = Files.isDirectory(source);
                List<Found> those = several ? below(source, Set.of(), file -> new Node(file.toString(),
                        node.target + "/" + source.relativize(file), node.access))
                        : Optional.ofNullable(look(node)).stream().toList();
                if (those.isEmpty()) {
                    throw new InvalidRequest(what, several ? "there is none in this directory" : "it is no device",
                            "show files with -v");
                }
                found.addAll(those);
            } catch (IOException e) {
                throw new NotFound(what, FileFailures.reason(e), "", e);
            }
        }
        return found;
    }

    /**
     * All devices that are in this host's /dev, but for those that each container has of its own: terminals
     * and its console.
     */
    public static List<Found> hosts() {
        try {
            return below(DEV, OWN, file -> new Node(file.toString(), file.toString(), "rwm"));
        } catch (IOException e) {
            throw new SystemFailure("list '" + DEV + "'", FileFailures.reasonWithFile(e), "is it mounted?", e);
        }
    }

    /** The devices in a directory and below it, by their names; what goes meanwhile is left out, and so are links. */
    private static List<Found> below(Path directory, Set<String> without, Function<Path, Node> node)
            throws IOException {
        List<Found> all = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                return without.contains(inner.toString()) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isOther() && !without.contains(file.toString())) {
                    there(node.apply(file)).ifPresent(all::add);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        all.sort(Comparator.comparing(found -> found.node().source()));
        return all;
    }

    private static Optional<Found> there(Node node) {
        try {
            return Optional.ofNullable(look(node));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static @Nullable Found look(Node node) throws IOException {
        Path source = Path.of(node.source);
        int mode = (Integer) Files.getAttribute(source, "unix:mode");
        int kind = mode & S_IFMT;
        return kind == S_IFCHR || kind == S_IFBLK
                ? new Found(node, mode, (Long) Files.getAttribute(source, "unix:rdev")) : null;
    }
}
