package dev.tinydocker.shell;

import org.springframework.stereotype.Component;

/** {@code dashboard}: where a browser finds the engine's page, and the token that opens all of it. */
@Component
final class DashboardCommand extends ShellCommand {

    private static final OptionSpec NEW = OptionSpec.flag("new",
            "make another token; earlier ones are good for nothing then");

    private final EngineFacts self;

    DashboardCommand(EngineFacts self) {
        super(Usage.of(Usage.ENGINE, "dashboard", "Print the address of the page that shows containers in a browser")
                .options(NEW));
        this.self = self;
    }

    @Override
    int execute(Invocation invocation) {
        invocation.out().println(self.dashboard(invocation.flag(NEW)));
        return 0;
    }
}
