package dev.tinydocker.rootfs;

import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

import static dev.tinydocker.plan.MountFlags.*;

/**
 * What every container has besides its files: the kernel's file systems and the harmless devices, as Docker mounts
 * them.
 */
final class FileSystems {

    private static final int CHARACTER_DEVICE = 0020000;
    private static final String EXPECTED = "because programs expect it";

    /** mem(4), random(4), tty(4): minor numbers of major 1, but for tty. */
    private static final Map<String, Integer> DEVICES = new TreeMap<>(Map.of("null", 1 << 8 | 3, "zero", 1 << 8 | 5,
            "full", 1 << 8 | 7, "random", 1 << 8 | 8, "urandom", 1 << 8 | 9, "tty", 5 << 8));

    private static final Map<String, String> LINKS = new TreeMap<>(Map.of("ptmx", "pts/ptmx", "fd", "/proc/self/fd",
            "stdin", "/proc/self/fd/0", "stdout", "/proc/self/fd/1", "stderr", "/proc/self/fd/2"));

    /** Group tty, which all distributions number so. */
    private static final int TTY = 5;
    private static final List<ShimStep> STEPS = steps(OptionalInt.of(TTY), null);

    private FileSystems() {
    }

    static List<ShimStep> all(OptionalInt terminals, @Nullable Long shmBytes) {
        return terminals.equals(OptionalInt.of(TTY)) && shmBytes == null ? STEPS : steps(terminals, shmBytes);
    }

    private static List<ShimStep> steps(OptionalInt terminals, @Nullable Long shmBytes) {
        long locked = MS_NOSUID | MS_NOEXEC | MS_NODEV;
        List<ShimStep> steps = new ArrayList<>();
        steps.add(mount(locked, "/proc", "proc", "", "so that it sees its own processes only"));
        steps.add(mount(MS_NOSUID | MS_STRICTATIME, "/dev", "tmpfs", "mode=755,size=65536k",
                "so that the image's devices, if any, are not seen"));
        String group = terminals.isPresent() ? ",gid=" + Integer.toUnsignedString(terminals.getAsInt()) : "";
        steps.add(mount(MS_NOSUID | MS_NOEXEC, "/dev/pts", "devpts", "newinstance,ptmxmode=0666,mode=0620" + group,
                "so that its terminals are its own"));
        String shm = shmBytes == null ? "65536k" : shmBytes.toString();
        steps.add(mount(locked, "/dev/shm", "tmpfs", "mode=1777,size=" + shm, EXPECTED));
        steps.add(mount(locked, "/dev/mqueue", "mqueue", "", EXPECTED));
        steps.add(mount(locked | MS_RDONLY, "/sys", "sysfs", "", "read-only, because it changes the host"));
        DEVICES.forEach((name, device) ->
                steps.add(new ShimStep.Mknod(CHARACTER_DEVICE | 0666, device, "/dev/" + name)));
        LINKS.forEach((name, target) -> steps.add(new ShimStep.Symlink(target, "/dev/" + name)));
        return List.copyOf(steps);
    }

    private static ShimStep mount(long flags, String target, String type, String data, String why) {
        return new ShimStep.MountIn(flags, MountPoint.DIRECTORY, type, target, type, data, why);
    }
}
