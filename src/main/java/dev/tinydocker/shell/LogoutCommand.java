package dev.tinydocker.shell;

import dev.tinydocker.registry.RegistryService;
import org.springframework.stereotype.Component;

/** {@code logout}: forgets the password for a registry. */
@Component
final class LogoutCommand extends ShellCommand {

    private final RegistryService registries;

    LogoutCommand(RegistryService registries) {
        super(Usage.of(Usage.IMAGES, "logout", "Forget the password for a registry")
                .takes(0, 1, "[REGISTRY]", Candidates.NOTHING).example("logout localhost:5000"));
        this.registries = registries;
    }

    @Override
    int execute(Invocation invocation) {
        String registry = invocation.arguments().isEmpty() ? "" : invocation.argument(0);
        String said = registry.isEmpty() ? "the default registry" : registry;
        boolean known = registries.forUser(invocation.session().environment()).logout(registry);
        invocation.out().println(known ? "Removing login credentials for " + said : "Not logged in to " + said);
        return 0;
    }
}
