package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Component;

/** {@code inspect}: all that is known of containers, as a JSON array. */
@Component
final class InspectCommand extends ShellCommand {

    private static final OptionSpec FORMAT = Findings.format("{{.State.Pid}}");

    private final ContainerService containers;
    private final Layout layout;

    InspectCommand(ContainerService containers, Layout layout) {
        super(Usage.of(Usage.CONTAINERS, "inspect", "Show all that is known of containers, as JSON")
                .takes(1, Usage.MANY, "CONTAINER...", Candidates.CONTAINER).options(FORMAT)
                .example("inspect -f '{{.State.Pid}}' web"));
        this.containers = containers;
        this.layout = layout;
    }

    @Override
    int execute(Invocation invocation) {
        return Findings.print(invocation, FORMAT, reference -> Inspection.of(containers.inspect(reference), layout));
    }
}
