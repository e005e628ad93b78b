package dev.tinydocker.container;

import dev.tinydocker.archive.LayerChanges;
import dev.tinydocker.archive.LayerChanges.Change;
import dev.tinydocker.archive.LayerChanges.Kind;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Component;

import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a container has changed in the files it was started from. */
@Component
class Differ {

    private final Bases bases;
    private final PlanComposer composer;
    private final Layout layout;

    Differ(Bases bases, PlanComposer composer, Layout layout) {
        this.bases = bases;
        this.composer = composer;
        this.layout = layout;
    }

    /**
     * What was found.
     *
     * @param changes the container's own
     * @param made paths that are there for mounts only, and directories in which nothing else has changed
     */
    record Found(List<Change> changes, Set<String> made) {

        static final Found NOTHING = new Found(List.of(), Set.of());
    }

    List<Change> changes(Container container) {
        return look(container).changes();
    }

    Found look(Container container) {
        List<Change> all = LayerChanges.of(layout.upper(container.id()), bases.root(container).lower());
        List<Change> own = without(composer.mountPoints(container), all);
        Set<String> others = all.stream().map(Change::path).collect(Collectors.toCollection(HashSet::new));
        own.forEach(change -> others.remove(change.path()));
        return new Found(own, others);
    }

    /** Leaves out what was made, and directories in which nothing else has changed; what is in one follows it. */
    private static List<Change> without(Set<String> made, List<Change> all) {
        LinkedList<Change> kept = new LinkedList<>();
        Set<String> emptied = new HashSet<>();
        for (Change change : all.reversed()) {
            String path = change.path();
            String parent = path.substring(0, Math.max(path.lastIndexOf('/'), 0));
            boolean was = change.kind() == Kind.ADDED && made.contains(path);
            boolean only = emptied.contains(path) && (kept.isEmpty() || !kept.getFirst().path().startsWith(path + "/"));
            if (was || only && change.kind() == Kind.CHANGED) {
                emptied.add(parent);
            } else {
                kept.addFirst(change);
            }
        }
        return List.copyOf(kept);
    }
}
