package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import org.springframework.stereotype.Component;

/** {@code attach}: joins a running container; ends when it ends, with its exit status. */
@Component
final class AttachCommand extends ShellCommand {

    private static final OptionSpec NO_STDIN = OptionSpec.flag("no-stdin", "join its output only");
    private static final OptionSpec SIG_PROXY = OptionSpec.flag("sig-proxy",
            "pass signals on, as without it; with =false they end this command alone");

    private final ContainerService containers;

    AttachCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "attach", "Join the input and output of a running container")
                .takes(1, 1, "CONTAINER", Candidates.RUNNING_CONTAINER).options(NO_STDIN, SIG_PROXY, DetachKeys.OPTION)
                .example("attach web"));
        this.containers = containers;
    }

    @Override
    int execute(Invocation invocation) {
        String reference = invocation.argument(0);
        DetachKeys leave = DetachKeys.of(invocation);
        Container container = containers.inspect(reference);
        boolean input = !invocation.flag(NO_STDIN);
        boolean signals = invocation.flag(SIG_PROXY, true);
        boolean keys = container.spec().tty() && container.spec().openStdin() && input;
        Foreground.check("attach to '" + reference + "'", keys, true, invocation.session());
        return Foreground.run(invocation.session(), keys ? leave : null, input, signals, stdio ->
                containers.attach(container.id(), stdio));
    }
}
