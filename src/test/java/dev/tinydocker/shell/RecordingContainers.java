package dev.tinydocker.shell;

import dev.tinydocker.archive.LayerChanges;
import dev.tinydocker.container.Attachment;
import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.ContainerSpec;
import dev.tinydocker.container.CopySpec;
import dev.tinydocker.container.ExecSpec;
import dev.tinydocker.container.Explanation;
import dev.tinydocker.container.ImageMissing;
import dev.tinydocker.log.LogEntry;
import dev.tinydocker.log.LogQuery;
import dev.tinydocker.image.Snapshot;
import dev.tinydocker.log.LogReader;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.plan.Step;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.shim.Stdio;
import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Containers that only exist in a test: what was asked of them is on record, what they answer is set. */
class RecordingContainers implements ContainerService {

    static final String ID = "3f2a9c1b4d5e".repeat(6).substring(0, 64);

    /** Every call that changes something, as a line. */
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final List<Container> list = new ArrayList<>();
    final List<LogEntry> log = new ArrayList<>();
    /** What a reference leads to instead of success. */
    final Map<String, Problem> problems = new LinkedHashMap<>();
    @Nullable ContainerSpec spec;
    @Nullable ExecSpec exec;
    @Nullable LogQuery query;
    @Nullable Problem refusal;
    @Nullable Runnable whileRunning;
    boolean imageMissing;
    String output = "";
    int exitCode;
    final StringBuilder input = new StringBuilder();

    @Override
    public Attachment run(ContainerSpec asked, @Nullable Stdio stdio, Consumer<String> notice,
            @Nullable Explanation explanation) {
        if (imageMissing) {
            throw new ImageMissing(String.valueOf(asked.image()));
        }
        spec = asked;
        calls.add(stdio == null ? "run detached" : "run attached");
        return attachment(stdio);
    }

    @Override
    public void export(String reference, OutputStream tar) {
        calls.add("export " + reference);
    }

    @Override
    public long copyOut(String reference, CopySpec wish) {
        calls.add("copy out of " + reference + " " + wish);
        return 2048;
    }

    @Override
    public long copyIn(String reference, CopySpec wish) {
        calls.add("copy into " + reference + " " + wish);
        return 2048;
    }

    @Override
    public void read(String reference, String path, boolean follow, OutputStream tar) {
        calls.add("read " + reference + " " + path);
    }

    @Override
    public void write(String reference, String path, InputStream archive) {
        calls.add("write " + reference + " " + path);
    }

    @Override
    public String commit(String reference, boolean pause, Snapshot.Words words) {
        return "sha256:" + "0".repeat(64);
    }

    @Override
    public void changes(String reference, Consumer<LayerChanges.Change> each) {
        calls.add("diff " + reference);
    }

    @Override
    public ContainerSpec pull(ContainerSpec asked, Map<String, String> environment, Consumer<String> notice) {
        calls.add("pull " + asked.image());
        notice.accept("pulling");
        imageMissing = false;
        return asked;
    }

    private Attachment attachment(@Nullable Stdio stdio) {
        if (refusal != null) {
            throw refusal;
        }
        if (stdio != null) {
            stdio.connected(new Keyboard());
            stdio.credit(1 << 16);
            stdio.stdout(ByteBuffer.wrap(output.getBytes(StandardCharsets.UTF_8)));
        }
        return new Attachment() {
            @Override
            public String id() {
                return ID;
            }

            @Override
            public CompletableFuture<Integer> status() {
                if (whileRunning != null) {
                    whileRunning.run();
                }
                return CompletableFuture.completedFuture(exitCode);
            }
        };
    }

    @Override
    public Attachment attach(String reference, Stdio stdio) {
        calls.add("attach " + known(reference));
        return attachment(stdio);
    }

    @Override
    public Attachment exec(String reference, ExecSpec asked, @Nullable Stdio stdio, @Nullable Explanation told) {
        exec = asked;
        calls.add("exec " + known(reference) + (stdio == null ? " detached" : " attached"));
        return attachment(stdio);
    }

    @Override
    public void stop(String reference, @Nullable Integer signal, @Nullable Duration timeout) {
        calls.add("stop " + known(reference) + (signal == null ? "" : " by " + signal)
                + (timeout == null ? "" : " " + timeout.toSeconds()));
    }

    @Override
    public void kill(String reference, int signal) {
        calls.add("kill " + known(reference) + " " + signal);
    }

    @Override
    public void remove(String reference, boolean force) {
        calls.add("remove " + known(reference) + (force ? " by force" : ""));
    }

    @Override
    public int await(String reference) {
        calls.add("await " + known(reference));
        return exitCode;
    }

    @Override
    public List<Step> plan(ContainerSpec spec, Consumer<String> notice) {
        return List.of(new HostStep.MakeCgroup(Path.of("/sys/fs/cgroup/x"), "which counts"),
                new ShimStep.Hostname("box"));
    }

    @Override
    public Container inspect(String reference) {
        known(reference);
        return list.stream().filter(container -> container.name().equals(reference) || container.id()
                .startsWith(reference))
                .findFirst().orElseThrow(() -> unknown(reference));
    }

    @Override
    public List<Container> list() {
        return List.copyOf(list);
    }

    @Override
    public LogReader logs(String reference) {
        known(reference);
        return new LogReader() {
            @Override
            public void read(LogQuery asked, Consumer<LogEntry> sink) {
                query = asked;
                log.forEach(sink);
                if (whileRunning != null) {
                    whileRunning.run();
                }
            }

            @Override
            public void close() {
                calls.add("log closed");
            }
        };
    }

    private String known(String reference) {
        Problem problem = problems.get(reference);
        if (problem != null) {
            throw problem;
        }
        return reference;
    }

    static NotFound unknown(String reference) {
        return new NotFound("find the container '" + reference + "'", "there is none", "'ps -a' lists them all");
    }

    private final class Keyboard implements Stdio.Input {
        @Override
        public void stdin(ByteBuffer bytes) {
            input.append(StandardCharsets.UTF_8.decode(bytes));
        }

        @Override
        public void stdinEof() {
            input.append("<end>");
        }

        @Override
        public void resize(int rows, int columns) {
            input.append("<").append(rows).append("x").append(columns).append(">");
        }

        @Override
        public void signal(int signal) {
            input.append("<signal ").append(signal).append(">");
        }

        @Override
        public void unwanted() {
            input.append("<unwanted>");
        }

        @Override
        public void leave() {
            input.append("<left>");
        }
    }

    @Override
    public List<Lease> leases(String reference) {
        return List.of();
    }

    @Override
    public List<PublishedPort> ports(String reference) {
        return inspect(reference).spec().network().published();
    }
}
