package dev.tinydocker.shell;

import dev.tinydocker.problem.Conflict;
import org.springframework.stereotype.Component;

/** {@code serve}, as an engine hears it: then one serves already. The launcher starts one where there is none. */
@Component
final class ServeCommand extends ShellCommand {

    ServeCommand() {
        super(Usage.of(Usage.ENGINE, "serve", "Run the engine in the foreground"));
    }

    @Override
    int execute(Invocation invocation) {
        throw new Conflict("serve", "an engine serves here already, it is process " + ProcessHandle.current().pid(),
                "end that one first, or set another TINY_RUN_ROOT and TINY_DATA_ROOT");
    }
}
