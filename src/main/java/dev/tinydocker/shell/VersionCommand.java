package dev.tinydocker.shell;

import org.springframework.stereotype.Component;

/** {@code version}. */
@Component
final class VersionCommand extends ShellCommand {

    private final String line;

    VersionCommand(ProgramVersion version) {
        super(Usage.of(Usage.ENGINE, "version", "Show the version"));
        this.line = "tiny-docker " + version;
    }

    @Override
    int execute(Invocation invocation) {
        invocation.out().println(line);
        return 0;
    }
}
