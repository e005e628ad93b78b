package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code inspect}: all that is known of containers, as a JSON array. */
@Component
final class InspectCommand extends ShellCommand {

    private static final OptionSpec FORMAT = OptionSpec.value('f', "format", "FORMAT",
            "a template as in {{.State.Pid}}, or json");

    private final ContainerService containers;
    private final Layout layout;

    InspectCommand(ContainerService containers, Layout layout) {
        super(Usage.of(Usage.CONTAINERS, "inspect", "Show all that is known of containers, as JSON")
                .takes(1, Usage.MANY, "CONTAINER...", Candidates.CONTAINER).options(FORMAT)
                .example("inspect -f '{{.State.Pid}}' web"));
        this.containers = containers;
        this.layout = layout;
    }

    /** What is found is printed even where other names lead nowhere. */
    @Override
    int execute(Invocation invocation) {
        List<Map<String, Object>> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String reference : invocation.arguments()) {
            try {
                found.add(Inspection.of(containers.inspect(reference), layout));
            } catch (Problem problem) {
                missing.add(problem.line());
            }
        }
        String format = invocation.value(FORMAT).orElse("");
        if (format.isEmpty()) {
            invocation.out().println(Json.lines(found));
        } else if (format.equals("json")) {
            invocation.out().println(Json.line(found));
        } else {
            Template template = Template.of(format);
            found.forEach(container -> invocation.out().println(template.fill(container)));
        }
        invocation.out().flush();
        missing.forEach(invocation.err()::println);
        return missing.isEmpty() ? 0 : ExitStatuses.FAILED;
    }
}
