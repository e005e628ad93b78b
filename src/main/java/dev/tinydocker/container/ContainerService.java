package dev.tinydocker.container;

import dev.tinydocker.archive.LayerChanges;
import dev.tinydocker.image.Snapshot;
import dev.tinydocker.log.LogReader;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.plan.Step;
import dev.tinydocker.shim.Stdio;
import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Everything that can be done with containers. A reference is a name, an id, or the beginning of an id that only one
 * container has; {@link dev.tinydocker.problem.NotFound} where none has it, {@link
 * dev.tinydocker.problem.InvalidRequest} where several do.
 */
public interface ContainerService {

    /**
     * Makes and starts a container. With {@code stdio} the user is attached before the first instruction; null runs
     * detached. {@code notice} is told, a line each, what takes long and what this host cannot do as asked.
     *
     * @throws ImageMissing where {@link #pull} comes first
     */
    default Attachment run(ContainerSpec spec, @Nullable Stdio stdio, Consumer<String> notice) {
        return run(spec, stdio, notice, null);
    }

    /** The same. @param explanation told what is done for it, null where nobody wants to know */
    Attachment run(ContainerSpec spec, @Nullable Stdio stdio, Consumer<String> notice,
            @Nullable Explanation explanation);

    /**
     * What {@link #run} would do, without doing it: no container is on record after that, and nothing of one on the
     * host. Its addresses are those that a start would take now.
     *
     * @throws ImageMissing where {@link #pull} comes first
     */
    List<Step> plan(ContainerSpec spec, Consumer<String> notice);

    /**
     * Pulls the image of a wish, or finds that the catalogue's is to be used. Blocks: platform threads only; an
     * interrupt ends it.
     *
     * @param environment the user's, for what is needed to log in
     * @param notice told, a line each, how it gets on
     * @return the same wish, for what is here now
     */
    ContainerSpec pull(ContainerSpec spec, Map<String, String> environment, Consumer<String> notice);

    /** Attaches to a running container. */
    Attachment attach(String reference, Stdio stdio);

    /** Runs a further process in a running container; null runs detached. */
    default Attachment exec(String reference, ExecSpec spec, @Nullable Stdio stdio) {
        return exec(reference, spec, stdio, null);
    }

    /** The same. @param explanation told what is done for it, null where nobody wants to know */
    Attachment exec(String reference, ExecSpec spec, @Nullable Stdio stdio, @Nullable Explanation explanation);

    /**
     * Sends the signal and, after the timeout, SIGKILL (null for the container's own of each); returns when it has
     * exited.
     */
    void stop(String reference, @Nullable Integer signal, @Nullable Duration timeout);

    /** Sends a signal, as Linux numbers it, to the first process. */
    void kill(String reference, int signal);

    /** Removes the container and all it left on the host; a running one only with {@code force}. */
    void remove(String reference, boolean force);

    /** Waits until the container is not running and returns its exit code. */
    int await(String reference);

    Container inspect(String reference);

    /** What a container has of its networks, in the order of its links; nothing where it does not run. */
    List<Lease> leases(String reference);

    /** The ports of this host that lead to a container; none where it does not run. */
    List<PublishedPort> ports(String reference);

    /** Tells what the container changed in its files, in the order of their paths. Blocks: platform threads only. */
    void changes(String reference, Consumer<LayerChanges.Change> each);

    /**
     * Makes an image of a container: its image's layers, what it has written as one more, and what it runs with. What
     * was made from no image becomes one layer. Mounts and volumes are no part of it. Blocks: platform threads only; an
     * interrupt ends it.
     *
     * @param pause its processes stand still while its files are read
     * @return the image's id
     */
    String commit(String reference, boolean pause, Snapshot.Words words);

    /**
     * Writes all files of a container as a tar archive; mounts and volumes are no part of it. Blocks: platform threads
     * only; an interrupt ends it.
     */
    void export(String reference, OutputStream tar);

    /**
     * Copies files out of a container by Docker's rules: it sees its files as its processes do, its mounts among them,
     * and no link of it leads to the host. Blocks: platform threads only; an interrupt ends it.
     *
     * @return how many bytes an archive of them has
     */
    long copyOut(String reference, CopySpec wish);

    /** The same in the other direction. */
    long copyIn(String reference, CopySpec wish);

    /** Writes files of a container as a tar archive. */
    void read(String reference, String path, boolean follow, OutputStream tar);

    /** Puts what is in an archive, compressed or not, into a directory of a container. The caller closes it. */
    void write(String reference, String path, InputStream archive);

    /** All containers, the newest first. */
    List<Container> list();

    /** Reads what the container wrote. */
    LogReader logs(String reference);
}
