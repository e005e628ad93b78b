package dev.tinydocker.shell;

import dev.tinydocker.container.Attachment;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.ContainerSpec;
import dev.tinydocker.container.ImageMissing;
import dev.tinydocker.shim.Stdio;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.shell.core.command.ParsedInput;
import org.springframework.stereotype.Component;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * {@code run}: makes and starts a container; in the foreground its streams are the user's and its exit status the
 * command's.
 */
@Component
final class RunCommand extends ShellCommand {

    private final ContainerService containers;
    private final String network;

    /** @param network that of containers for which none is named */
    RunCommand(ContainerService containers, @Value("${tiny.network.default}") String network) {
        super(Usage.of(Usage.CONTAINERS, "run", "Run a command in a new container")
                .takes(1, Usage.MANY, "IMAGE [COMMAND] [ARG...]", Candidates.IMAGE).optionsComeFirst()
                .options(RunOptions.ALL).example("run --rm -it busybox sh"));
        this.containers = containers;
        this.network = network;
    }

    /** A directory takes the place of the image. */
    @Override
    void check(ParsedInput input) {
        String name = RunOptions.ROOTFS.name();
        boolean rootfs = input.options().stream().anyMatch(option -> name.equals(option.longName()));
        if (!rootfs) {
            super.check(input);
        }
    }

    @Override
    int execute(Invocation invocation) {
        ContainerSpec spec = SpecReader.read(invocation, network);
        if (!invocation.flag(RunOptions.DETACH)) {
            String object = spec.rootfs() == null ? spec.image() : spec.rootfs();
            Foreground.check("run '" + object + "'", spec.tty(), spec.openStdin(), invocation.session());
        }
        ExplanationPrinter told = invocation.flag(RunOptions.EXPLAIN) ? new ExplanationPrinter(invocation.session())
                : null;
        try (IdFile file = idFile(invocation)) {
            try {
                return start(spec, invocation, file, told);
            } catch (ImageMissing e) {
                return pullAndStart(spec, invocation, file, told);
            }
        }
    }

    private int start(ContainerSpec spec, Invocation invocation, @Nullable IdFile file,
            @Nullable ExplanationPrinter told) {
        return invocation.flag(RunOptions.DETACH) ? background(spec, invocation, file, told)
                : foreground(spec, invocation, file, told);
    }

    private int pullAndStart(ContainerSpec spec, Invocation invocation, @Nullable IdFile file,
            @Nullable ExplanationPrinter told) {
        Session session = invocation.session();
        Consumer<String> notice = invocation.flag(RunOptions.QUIET) ? _ -> { } : session.err()::println;
        AtomicReference<ContainerSpec> pulled = new AtomicReference<>(spec);
        IntSupplier pull = () -> Patience.of(session,
                () -> pulled.set(containers.pull(spec, session.environment(), notice)));
        int status = told == null ? pull.getAsInt() : told.pull(pull);
        return status == 0 ? start(pulled.get(), invocation, file, told) : status;
    }

    private static @Nullable IdFile idFile(Invocation invocation) {
        return invocation.value(RunOptions.CIDFILE).map(word -> IdFile.create(invocation.path(word))).orElse(null);
    }

    private int background(ContainerSpec spec, Invocation invocation, @Nullable IdFile file,
            @Nullable ExplanationPrinter told) {
        Attachment started = run(spec, null, invocation, told);
        IdFile.write(file, started.id());
        invocation.out().println(started.id());
        return 0;
    }

    private Attachment run(ContainerSpec spec, @Nullable Stdio stdio, Invocation invocation,
            @Nullable ExplanationPrinter told) {
        Consumer<String> notice = invocation.err()::println;
        return told == null ? containers.run(spec, stdio, notice)
                : told.start(explanation -> containers.run(spec, stdio, notice, explanation));
    }

    private int foreground(ContainerSpec spec, Invocation invocation, @Nullable IdFile file,
            @Nullable ExplanationPrinter told) {
        Session session = invocation.session();
        DetachKeys keys = DetachKeys.of(invocation);
        return Foreground.run(session, spec.tty() && spec.openStdin() ? keys : null, stdio -> {
            Attachment attached = run(spec, stdio, invocation, told);
            IdFile.write(file, attached.id());
            return attached;
        });
    }
}
