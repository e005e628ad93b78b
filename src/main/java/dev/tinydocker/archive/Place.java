package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.InvalidRequest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where in the directory the reader is: the directories from the top to the current one, all open, so that a file next
 * to the last one needs no way. Each way is gone name by name, never through a link. When a directory is left, it gets
 * the time back that it had before something was put into it.
 */
final class Place implements AutoCloseable {

    /** Each is a descriptor; no tree is as deep. */
    private static final int DEEPEST = 1000;
    private static final byte[] ROOT = {};

    private static final class Level {

        final byte[] name;
        final DirectoryHandle directory;
        Instant modified;

        Level(byte[] name, DirectoryHandle directory, Instant modified) {
            this.name = name;
            this.directory = directory;
            this.modified = modified;
        }
    }

    private final List<Level> levels = new ArrayList<>();
    private final boolean marking;
    private final boolean replacing;
    private boolean implies;
    private boolean topListed;

    /**
     * @param root closed with this
     * @param marking whether directories that no entry is for are marked
     * @param replacing whether a directory takes the place of what is none
     */
    Place(DirectoryHandle root, boolean marking, boolean replacing) {
        this.marking = marking;
        this.replacing = replacing;
        levels.add(new Level(ROOT, root, root.stat().modified()));
    }

    /** The directory we are in. */
    DirectoryHandle current() {
        return levels.getLast().directory;
    }

    DirectoryHandle root() {
        return levels.getFirst().directory;
    }

    /** Goes to a directory by its first names; those that are missing are made. */
    void go(List<byte[]> names, int count) {
        if (count > DEEPEST) {
            throw new DamagedArchive("it lies below more than " + DEEPEST + " directories");
        }
        int common = 0;
        while (common < count && common + 1 < levels.size()
                && Arrays.equals(levels.get(common + 1).name, names.get(common))) {
            common++;
        }
        leave(common + 1);
        for (int i = common; i < count; i++) {
            enter(names.get(i));
        }
    }

    private void enter(byte[] name) {
        DirectoryHandle above = current();
        try {
            enterExisting(name);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                above.makeDirectory(name, 0755);
                enterExisting(name);
                if (marking) {
                    current().attribute(Whiteouts.IMPLIED, Whiteouts.YES);
                    implies = true;
                }
            } else if (e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
                FileStat stat = above.stat(name);
                if (stat.isSymbolicLink()) {
                    throw new DamagedArchive("it goes through the link '" + TarEntry.said(name) + "'");
                }
                replace(name, stat);
            } else {
                throw e;
            }
        }
    }

    /** Enters a directory of the current one, where there may be something else, which then is no more. */
    void enterOrMake(byte[] name) {
        try {
            current().makeDirectory(name, 0755);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            FileStat stat = current().stat(name);
            if (!stat.isDirectory()) {
                replace(name, stat);
                return;
            }
            enterExisting(name);
            unmark();
            return;
        }
        enterExisting(name);
    }

    /** The current directory has an entry after all. */
    private void unmark() {
        if (marking && current().attribute(Whiteouts.IMPLIED).isPresent()) {
            current().attribute(Whiteouts.IMPLIED, Whiteouts.NO);
        }
    }

    /** Goes to the top, which has an entry. */
    void enterTop() {
        leave(1);
        topListed = true;
    }

    /** In the place of a whiteout, a new directory has nothing of the one that was deleted. */
    private void replace(byte[] name, FileStat stat) {
        if (!replacing) {
            throw new InvalidRequest("make the directory '" + TarEntry.said(name) + "'",
                    "there is something else of that name", "remove or rename it first");
        }
        current().unlink(name);
        current().makeDirectory(name, 0755);
        enterExisting(name);
        if (stat.isWhiteout()) {
            current().attribute(Whiteouts.OPAQUE, Whiteouts.YES);
        }
    }

    private void enterExisting(byte[] name) {
        DirectoryHandle directory = current().directory(name);
        try {
            levels.add(new Level(name, directory, directory.stat().modified()));
        } catch (SyscallException e) {
            directory.close();
            throw e;
        }
    }

    /** The time the current directory is to have, whatever is put into it later. */
    void modified(Instant time) {
        levels.getLast().modified = time;
    }

    private void leave(int depth) {
        while (levels.size() > depth) {
            Level level = levels.removeLast();
            try (DirectoryHandle directory = level.directory) {
                directory.modified(level.modified);
            }
        }
    }

    /** Leaves all directories but the top one, which has its time back as well where it is not in use. */
    void finish() {
        leave(1);
        if (marking && !topListed) {
            root().attribute(Whiteouts.IMPLIED, Whiteouts.YES);
        }
        if (implies) {
            root().attribute(Whiteouts.IMPLIES, Whiteouts.YES);
        }
        if (replacing) {
            root().modified(levels.getFirst().modified);
        }
    }

    /** Closes what is open, the top included. */
    @Override
    public void close() {
        levels.forEach(level -> level.directory.close());
    }
}
