package dev.tinydocker.shell;

import dev.tinydocker.container.Attachment;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.ExecSpec;
import dev.tinydocker.shim.Stdio;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Map;

/** {@code exec}: runs a further command in a running container. */
@Component
final class ExecCommand extends ShellCommand {

    private static final OptionSpec DETACH = OptionSpec.flag('d', "detach", "run it in the background");

    private static final OptionSpec PRIVILEGED = OptionSpec.flag("privileged", "give it every capability");

    private final ContainerService containers;

    ExecCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "exec", "Run a command in a running container")
                .takes(2, Usage.MANY, "CONTAINER COMMAND [ARG...]", Candidates.RUNNING_CONTAINER).optionsComeFirst()
                .options(DETACH, RunOptions.INTERACTIVE, RunOptions.TTY, RunOptions.ENV, RunOptions.ENV_FILE,
                        RunOptions.WORKDIR, RunOptions.USER, PRIVILEGED, RunOptions.EXPLAIN, DetachKeys.OPTION)
                .example("exec -it web sh"));
        this.containers = containers;
    }

    @Override
    int execute(Invocation invocation) {
        String reference = invocation.argument(0);
        DetachKeys keys = DetachKeys.of(invocation);
        ExecSpec spec = spec(invocation, new Faults("execute in '" + reference + "'"));
        if (invocation.flag(DETACH)) {
            start(invocation, spec, null);
            return 0;
        }
        Foreground.check("execute in '" + reference + "'", spec.tty(), spec.openStdin(), invocation.session());
        return Foreground.run(invocation.session(), spec.tty() && spec.openStdin() ? keys : null,
                stdio -> start(invocation, spec, stdio));
    }

    private Attachment start(Invocation invocation, ExecSpec spec, @Nullable Stdio stdio) {
        String reference = invocation.argument(0);
        return invocation.flag(RunOptions.EXPLAIN)
                ? new ExplanationPrinter(invocation.session()).start(
                        explanation -> containers.exec(reference, spec, stdio, explanation))
                : containers.exec(reference, spec, stdio);
    }

    private static ExecSpec spec(Invocation invocation, Faults faults) {
        List<String> command = invocation.arguments().subList(1, invocation.arguments().size());
        Map<String, String> environment = EnvironmentReader.read(invocation, RunOptions.ENV, RunOptions.ENV_FILE,
                faults);
        String directory = invocation.value(RunOptions.WORKDIR).orElse(null);
        if (directory != null && !directory.startsWith("/")) {
            faults.add("--workdir", directory, "it is not an absolute path", "begin it with /");
        }
        faults.check();
        return new ExecSpec(command, environment, directory, invocation.value(RunOptions.USER).orElse(null),
                invocation.flag(RunOptions.TTY), invocation.flag(RunOptions.INTERACTIVE), invocation.flag(PRIVILEGED));
    }
}
