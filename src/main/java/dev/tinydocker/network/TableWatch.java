package dev.tinydocker.network;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.Nftables;
import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.linux.TableRemovals;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.util.concurrent.RejectedExecutionException;

/**
 * Notices that this engine's table or rules of it are removed, as {@code nft flush ruleset} does: networks would be
 * open to each other, and this host's lo to containers. Started on the {@link NetworkThread}.
 */
@Component
class TableWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableWatch.class);

    private @Nullable TableRemovals removals;
    private volatile boolean closed;

    /**
     * Looks from now on; nothing happens where it does already.
     *
     * @param removed is called on another thread, also where this engine has removed it itself
     */
    void start(String table, Runnable removed) {
        if (removals == null) {
            try {
                TableRemovals opened = TableRemovals.open();
                removals = opened;
                Thread.ofPlatform().name("table").daemon().start(() -> watch(opened, table, removed));
            } catch (SyscallException e) {
                LOG.warn("nobody will notice if the table is removed: {}", e.getMessage());
            }
        }
    }

    private void watch(TableRemovals from, String table, Runnable removed) {
        try (Nftables nftables = Nftables.open()) {
            while (!closed) {
                if (isTold(from, table) && !closed && !isWhole(nftables, table)) {
                    removed.run();
                }
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("this engine ends", e);
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.error("nobody notices any more if the table is removed", e);
            }
        }
    }

    /** Whether the table is there with all its rules. */
    static boolean isWhole(Nftables nftables, String table) {
        try {
            return Ruleset.isWhole(nftables.run("list table inet " + table));
        } catch (NftablesException e) {
            // There is none; or there is one, and nobody knows why it is not listed.
            return nftables.run("list tables inet").contains(" " + table + "\n");
        }
    }

    private static boolean isTold(TableRemovals from, String table) {
        try {
            return from.next().contains(table);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOBUFS) {
                throw e;
            }
            return true;
        }
    }

    @Override
    public void close() {
        closed = true;
        if (removals != null) {
            removals.close();
        }
    }
}
