package dev.tinydocker.container;

import dev.tinydocker.archive.LayerChanges;
import dev.tinydocker.archive.LayerChanges.Change;
import dev.tinydocker.archive.LayerChanges.Kind;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Component;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

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
     * Looks at all of it.
     *
     * @param each told of the container's own changes, in the order of their paths
     * @return paths that are there for mounts only, and directories in which nothing else has changed
     */
    Set<String> look(Container container, Consumer<Change> each) {
        Own own = new Own(composer.mountPoints(container), each);
        LayerChanges.of(layout.upper(container.id()), bases.root(container).lower(), own);
        return own.others();
    }

    /** Leaves out what was made, and directories in which nothing else has changed, as is known when they are left. */
    private static final class Own implements Consumer<Change> {

        private final Set<String> made;
        private final Consumer<Change> each;
        private final Set<String> others = new HashSet<>();
        /** The changed directories on the way to where we are in which nothing of its own was seen yet. */
        private final Deque<Pending> way = new ArrayDeque<>();

        private static final class Pending {

            final Change change;
            /** Whether something in it was left out. */
            boolean emptied;

            Pending(Change change) {
                this.change = change;
            }
        }

        Own(Set<String> made, Consumer<Change> each) {
            this.made = made;
            this.each = each;
        }

        @Override
        public void accept(Change change) {
            leave(change.path());
            if (change.kind() == Kind.ADDED && made.contains(change.path())) {
                leaveOut(change.path());
                return;
            }
            way.addLast(new Pending(change));
            if (change.kind() != Kind.CHANGED) {
                tell();
            }
        }

        /** Decides on the directories that the next path is not in. */
        private void leave(String next) {
            while (!way.isEmpty() && !next.startsWith(way.getLast().change.path() + "/")) {
                if (way.getLast().emptied) {
                    leaveOut(way.removeLast().change.path());
                } else {
                    tell();
                }
            }
        }

        private void leaveOut(String path) {
            others.add(path);
            if (!way.isEmpty() && way.getLast().change.path().equals(path.substring(0, path.lastIndexOf('/')))) {
                way.getLast().emptied = true;
            }
        }

        /** What is on the way has changed, as far as it was not told yet. */
        private void tell() {
            way.forEach(pending -> each.accept(pending.change));
            way.clear();
        }

        Set<String> others() {
            leave("");
            return others;
        }
    }
}
