package dev.tinydocker.container;

import dev.tinydocker.linux.DirectoryHandle;

/** A container's files as it sees them, with its mounts; nothing of them is mounted where the host sees it. */
record View(DirectoryHandle root, Runnable end) implements AutoCloseable {

    @Override
    public void close() {
        root.close();
        end.run();
    }
}
