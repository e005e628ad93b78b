package dev.tinydocker.container;

import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.network.NetworkService;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.Layout;
import dev.tinydocker.store.Reserve;
import dev.tinydocker.store.TreeDeleter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a container leaves on the host, and its undoing. Needs the id only and may be repeated, so that the same code
 * serves a failed start, an exit, a removal, and an engine that finds what another one left. Mounts and links go with
 * their namespaces.
 */
@Component
class Remains {

    /** The phase of what is undone after a start that has failed. */
    static final String UNDO = "undo";

    private final Layout layout;
    private final CgroupService cgroups;
    private final NetworkService networks;
    private final Reserve reserve;
    /** Held by the one that removes a container, whose id it has. */
    private final Map<String, Object> turns = new ConcurrentHashMap<>();

    Remains(Layout layout, CgroupService cgroups, NetworkService networks, Reserve reserve) {
        this.layout = layout;
        this.cgroups = cgroups;
        this.networks = networks;
        this.reserve = reserve;
    }

    /**
     * Undoes what a running container needs: kills whatever still runs in its cgroup, removes that, its address and its
     * run directory.
     */
    void ofRun(String id) {
        ofRun(id, null);
    }

    private void ofRun(String id, @Nullable Explanation explanation) {
        cgroups.end(id);
        Explanation.tell(explanation, UNDO, "remove its cgroups", "once what is in them was killed");
        networks.release(id);
        Explanation.tell(explanation, UNDO, "give its addresses and ports back", "which are anybody's now");
        delete(layout.containerRun(id), explanation);
    }

    /**
     * Undoes all there is of a container. Two that delete one tree would trip over each other: who is second waits, and
     * finds nothing left to do.
     *
     * @param row takes it off the record, at last: what fails before that can be done again
     */
    void all(String id, Runnable row) {
        all(id, row, null);
    }

    /** The same. @param explanation told of it, null where nobody wants to know */
    void all(String id, Runnable row, @Nullable Explanation explanation) {
        Object turn = turns.computeIfAbsent(id, _ -> new Object());
        synchronized (turn) {
            try (Reserve.Given _ = reserve.give()) {
                ofRun(id, explanation);
                delete(layout.containerData(id), explanation);
                row.run();
                Explanation.tell(explanation, UNDO, "take it off the record", "since nothing of it is left");
            } finally {
                turns.remove(id, turn);
            }
        }
    }

    void ofExec(String exec) {
        delete(layout.execRun(exec));
    }

    /** A run directory that belongs to no container. */
    void ofOrphan(Path runDirectory) {
        delete(runDirectory);
    }

    private static void delete(Path directory, @Nullable Explanation explanation) {
        delete(directory);
        Explanation.tell(explanation, UNDO, "delete the directory " + directory, "with all that is in it");
    }

    private static void delete(Path directory) {
        try {
            TreeDeleter.delete(directory);
        } catch (IOException e) {
            throw new SystemFailure("delete '" + directory + "'", FileFailures.reasonWithFile(e), "try 'rm' again", e);
        }
    }
}
