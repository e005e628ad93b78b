package dev.tinydocker.container;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.namespace.NamespaceService;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.ShimLauncher;
import dev.tinydocker.shim.StartedShim;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * The shim of a container that is not on record yet: it starts while the container is recorded and its plan composed.
 * It does nothing before it has a plan; closed before it was taken, it and its directory are gone.
 */
final class EarlyShim implements AutoCloseable {

    private final String id = Names.id();
    private final Layout layout;
    private final ShimLauncher shims;
    private final Remains remains;
    private final NamespaceService namespaces;
    private final @Nullable Explanation explanation;
    private @Nullable StartedShim shim;
    private boolean taken;

    EarlyShim(Layout layout, ShimLauncher shims, Remains remains, NamespaceService namespaces,
            @Nullable Explanation explanation) {
        this.layout = layout;
        this.shims = shims;
        this.remains = remains;
        this.namespaces = namespaces;
        this.explanation = explanation;
    }

    /** The container's, before it has a row. */
    String id() {
        return id;
    }

    /** Starts it for such a container. Again, where the container is tried to be made again, is nothing. */
    void begin(ContainerSpec spec) {
        if (shim != null) {
            return;
        }
        HostHalf.execute(List.of(ComposedPlan.place(layout.containerRun(id))), explanation);
        if (explanation != null) {
            explanation.shimStarts();
        }
        try {
            shim = shims.begin(layout.containerRun(id),
                    namespaces.ahead(spec.usersOrHost(), spec.network().mode().isMade()));
        } catch (IOException e) {
            throw new SystemFailure("start a shim", FileFailures.reasonWithFile(e), "", e);
        }
    }

    /** The shim, which is the caller's to close from now on. */
    StartedShim take(ContainerSpec spec) {
        begin(spec);
        taken = true;
        return Objects.requireNonNull(shim);
    }

    /** Ends it, unless somebody has taken it. Again is nothing. */
    @Override
    public void close() {
        if (taken) {
            return;
        }
        taken = true;
        if (shim != null) {
            shim.close();
            Explanation.tell(explanation, Remains.UNDO, "end the shim", "which has no plan yet");
        }
        remains.ofOrphan(layout.containerRun(id));
        if (shim != null) {
            Explanation.tell(explanation, Remains.UNDO, "delete the directory " + layout.containerRun(id),
                    "so that nothing is left");
        }
    }
}
