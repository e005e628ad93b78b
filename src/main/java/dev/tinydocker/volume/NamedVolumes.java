package dev.tinydocker.volume;

import dev.tinydocker.archive.Copying;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.Layout;
import dev.tinydocker.store.Reserve;
import dev.tinydocker.store.TreeDeleter;
import dev.tinydocker.store.TreeSize;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Volumes: made, filled, found and removed. One that a container uses, even one that has ended, does not go. */
@Service
public class NamedVolumes {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{1,127}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final VolumeRecord record;
    private final Layout layout;
    private final ObjectProvider<VolumeUsers> users;
    private final Reserve reserve;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    /** Those that have been filled, or that somebody has begun to use as they were. */
    private final Set<String> settled = ConcurrentHashMap.newKeySet();

    NamedVolumes(VolumeRecord record, Layout layout, ObjectProvider<VolumeUsers> users, Reserve reserve) {
        this.record = record;
        this.layout = layout;
        this.users = users;
        this.reserve = reserve;
    }

    /** What pruning took away, and how many bytes. */
    public record Pruned(List<String> names, long bytes) {
    }

    /** @throws InvalidRequest where it is none */
    static String checked(String deed, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidRequest(deed, "'" + name + "' is no name of a volume",
                    "use 2 to 128 letters, digits, '_', '.' and '-', a letter or digit first; a path begins with /"
                            + " or ./");
        }
        return name;
    }

    /** All, in the order of their names. */
    public List<Volume> list() {
        return record.list();
    }

    /** @throws NotFound where there is none of that name */
    public Volume find(String name) {
        return record.find(name).orElseThrow(() -> new NotFound("find the volume '" + name + "'", "there is none",
                "'volume ls' lists them all"));
    }

    /** Where its files are. */
    public Path directory(String name) {
        return layout.volumeData(name);
    }

    /** Who uses volumes now. */
    public List<VolumeUsers.Use> uses() {
        return users.stream().flatMap(user -> user.uses().stream()).toList();
    }

    /** How many bytes its files have; looks at every one of them. */
    public long bytes(String name) {
        return TreeSize.of(directory(name));
    }

    /** Makes one, or finds that there is one of that name; an empty name makes one that nobody has named. */
    public Volume create(String wanted, Map<String, String> labels) {
        return create(wanted, labels, new Made());
    }

    Volume create(String wanted, Map<String, String> labels, Made made) {
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        String name = wanted.isEmpty() ? HexFormat.of().formatHex(random) : checked("create a volume", wanted);
        synchronized (lock(name)) {
            Optional<Volume> there = record.find(name);
            Volume volume = there.orElseGet(() -> new Volume(name, wanted.isEmpty(), labels, Instant.now()));
            if (there.isEmpty()) {
                record.insert(volume);
                made.volumes.add(name);
            }
            // Also where an engine died in between.
            make(directory(name));
            return volume;
        }
    }

    private static void make(Path directory) {
        try {
            Path own = directory.getParent();
            // Root's alone: programs that give their owner's rights may be in there.
            Files.createDirectories(own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(
                    "rwx------")));
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory);
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        } catch (IOException e) {
            throw new SystemFailure("make '" + directory + "'", FileFailures.reason(e), "", e);
        }
    }

    private Object lock(String name) {
        return locks.computeIfAbsent(name, _ -> new Object());
    }

    /**
     * Copies what an image has in a place into an empty volume that is mounted there and that nobody uses yet; it is
     * all there or none of it. Blocks: platform threads only.
     *
     * @param shown the directories that show the place, the topmost first
     */
    void fill(String name, List<Path> shown) {
        synchronized (lock(name)) {
            if (settled.contains(name) || shown.isEmpty()) {
                return;
            }
            Path directory = directory(name);
            if (isEmpty(directory) && uses().stream().noneMatch(use -> use.volume().equals(name))) {
                Path filling = layout.volumeFilling(name);
                try {
                    TreeDeleter.delete(filling);
                    Files.createDirectory(filling);
                    Copying.merged("fill the volume '" + name + "'", shown, filling);
                    // The empty directory gives way in one step.
                    Files.move(filling, directory, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    throw new SystemFailure("fill the volume '" + name + "'", FileFailures.reasonWithFile(e), "", e);
                } finally {
                    discard(filling);
                }
            }
            settled.add(name);
        }
    }

    private static boolean isEmpty(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            return !files.iterator().hasNext();
        } catch (IOException e) {
            throw new SystemFailure("read '" + directory + "'", FileFailures.reason(e), "", e);
        }
    }

    private static void discard(Path directory) {
        try {
            TreeDeleter.delete(directory);
        } catch (IOException e) {
            throw new SystemFailure("delete '" + directory + "'", FileFailures.reasonWithFile(e),
                    "the next start of the engine tries again", e);
        }
    }

    /**
     * Removes one, with its files.
     *
     * @throws Conflict where a container uses it
     */
    public void remove(String name) {
        Volume volume = find(name);
        removing(List.of(volume), true);
    }

    /** Removes those of these names that nobody uses. */
    void takeBack(List<String> names) {
        removing(names.stream().map(record::find).flatMap(Optional::stream).toList(), false);
    }

    /** Removes those that nobody uses and nobody has named, or with {@code all} those with a name too. */
    public Pruned prune(boolean all, Predicate<Volume> wanted) {
        List<Volume> asked = record.list().stream().filter(volume -> all || volume.anonymous()).filter(wanted).toList();
        return removing(asked, false);
    }

    private Pruned removing(List<Volume> wanted, boolean strict) {
        List<Path> gone = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Runnable removal = () -> {
            List<VolumeUsers.Use> uses = uses();
            for (Volume volume : wanted) {
                List<String> by = uses.stream().filter(use -> use.volume().equals(volume.name()))
                        .map(VolumeUsers.Use::user).toList();
                if (by.isEmpty()) {
                    leave(volume.name()).ifPresent(gone::add);
                    names.add(volume.name());
                } else if (strict) {
                    throw new Conflict("remove the volume '" + volume.name() + "'", "it is in use by "
                            + String.join(", ", by), "remove the container with 'rm " + by.getFirst() + "' first");
                }
            }
        };
        VolumeUsers user = users.getIfAvailable();
        try (Reserve.Given _ = reserve.give()) {
            if (user == null) {
                removal.run();
            } else {
                user.removing(removal);
            }
        }
        long bytes = gone.stream().mapToLong(TreeSize::of).sum();
        gone.forEach(NamedVolumes::discard);
        return new Pruned(names, bytes);
    }

    /** Takes it out of sight; its files are to be deleted then. */
    private Optional<Path> leave(String name) {
        try {
            Path leaving = layout.volumeLeaving(name + "-" + System.nanoTime());
            Files.move(layout.volume(name), leaving, StandardCopyOption.ATOMIC_MOVE);
            return Optional.of(leaving);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new SystemFailure("remove the volume '" + name + "'", FileFailures.reasonWithFile(e), "", e);
        } finally {
            settled.remove(name);
            record.delete(name);
        }
    }

    /** After an engine has died, before the first request: what was on its way in or out goes. */
    public void recover() {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(layout.volumes(), ".*")) {
            for (Path directory : left) {
                discard(directory);
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new SystemFailure("clean '" + layout.volumes() + "'", FileFailures.reasonWithFile(e), "", e);
        }
    }
}
