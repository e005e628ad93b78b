package dev.tinydocker.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A line of /proc/PID/mountinfo, proc_pid_mountinfo(5). Lines that are none are left out.
 *
 * @param device numbers of the file system
 * @param root what of the file system is mounted
 * @param target where
 * @param superOptions of the whole file system
 */
public record Mountinfo(String device, String root, String target, List<String> options, String type, String source,
        List<String> superOptions) {

    private static final int DEVICE = 2;
    private static final int ROOT = 3;
    private static final int TARGET = 4;
    private static final int OPTIONS = 5;

    /** All there is, in the order of the lines. */
    public static List<Mountinfo> all(String text) {
        return MountinfoWords.lines(text).map(Mountinfo::parse).flatMap(Optional::stream).toList();
    }

    /** What is seen: of several mounts on one place the last. In the order of the lines. */
    public static List<Mountinfo> visible(String text) {
        Map<String, Mountinfo> seen = new LinkedHashMap<>();
        all(text).forEach(mount -> {
            seen.remove(mount.target);
            seen.put(mount.target, mount);
        });
        return new ArrayList<>(seen.values());
    }

    private static Optional<Mountinfo> parse(String line) {
        int dash = line.indexOf(" - ");
        if (dash < 0) {
            return Optional.empty();
        }
        String[] mount = line.substring(0, dash).split(" ");
        String[] system = line.substring(dash + " - ".length()).split(" ");
        if (mount.length <= OPTIONS || system.length < 2) {
            return Optional.empty();
        }
        return Optional.of(new Mountinfo(mount[DEVICE], MountinfoWords.plain(mount[ROOT]),
                MountinfoWords.plain(mount[TARGET]), Arrays.asList(mount[OPTIONS].split(",")),
                MountinfoWords.plain(system[0]), MountinfoWords.plain(system[1]),
                system.length < 3 ? List.of() : options(system[2])));
    }

    /** A comma that belongs to a value has a backslash before it, which is written as an octal number. */
    private static List<String> options(String word) {
        return Arrays.stream(word.split("(?<!\\\\134),")).map(MountinfoWords::plain).toList();
    }

    /** The value of an option of the file system; empty without. */
    public String option(String name) {
        return superOptions.stream().filter(option -> option.startsWith(name + "=")).findFirst()
                .map(option -> option.substring(name.length() + 1)).orElse("");
    }

    /** Which path of this host shows the same; empty where none does. @param host what is mounted on this host */
    public Optional<Path> on(List<Mountinfo> host) {
        return host.stream().filter(mount -> mount.device.equals(device) && isBelow(mount.root))
                .max(Comparator.comparingInt(mount -> mount.root.length()))
                .map(mount -> Path.of(mount.target).resolve(Path.of("/").relativize(
                        Path.of("/").resolve(Path.of(mount.root).relativize(Path.of(root))))));
    }

    private boolean isBelow(String directory) {
        return root.equals(directory) || root.startsWith(directory.endsWith("/") ? directory : directory + "/");
    }
}
