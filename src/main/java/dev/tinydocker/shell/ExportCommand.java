package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import org.springframework.stereotype.Component;

import java.nio.file.Path;

/** {@code export}: writes the files of a container as an archive. */
@Component
final class ExportCommand extends ShellCommand {

    private static final OptionSpec OUTPUT = OptionSpec.value('o', "output", "FILE",
            "a tar archive; - is standard output").offering(Candidates.FILE);

    private final ContainerService containers;

    ExportCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "export", "Write the files of a container as a tar archive")
                .takes(1, 1, "CONTAINER", Candidates.CONTAINER).options(OUTPUT).example("export -o web.tar web"));
        this.containers = containers;
    }

    @Override
    int execute(Invocation invocation) {
        String container = invocation.argument(0);
        String word = invocation.value(OUTPUT).orElse("-");
        containers.inspect(container);
        if (word.equals("-")) {
            OutputFile.refuseTerminal(invocation, "export", "name a file with -o, or write 'export CONTAINER >FILE'");
            return Patience.of(invocation.session(), () -> containers.export(container, invocation.out()));
        }
        Path path = OutputFile.named(invocation, "export to '" + word + "'", word);
        return Patience.of(invocation.session(), () -> OutputFile.write("export to '" + word + "'", path,
                out -> containers.export(container, out)));
    }
}
