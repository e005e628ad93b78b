package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.registry.RegistryService;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** {@code login}: keeps a password for a registry, once that has accepted it. */
@Component
final class LoginCommand extends ShellCommand {

    private static final OptionSpec USER = OptionSpec.value('u', "username", "NAME", "who");
    private static final OptionSpec PASSWORD = OptionSpec.value('p', "password", "PASSWORD",
            "the password; others on this host can see it");
    private static final OptionSpec STDIN = OptionSpec.flag("password-stdin", "take the password from standard input");
    private static final int LONGEST = 1 << 16;

    private final RegistryService registries;

    LoginCommand(RegistryService registries) {
        super(Usage.of(Usage.IMAGES, "login", "Keep a password for a registry")
                .takes(0, 1, "[REGISTRY]", Candidates.NOTHING).options(USER, PASSWORD, STDIN)
                .example("login -u me --password-stdin localhost:5000 <password"));
        this.registries = registries;
    }

    @Override
    int execute(Invocation invocation) {
        String registry = invocation.arguments().isEmpty() ? "" : invocation.argument(0);
        String object = "log in to '" + (registry.isEmpty() ? "the default registry" : registry) + "'";
        boolean stdin = invocation.flag(STDIN);
        boolean given = invocation.value(PASSWORD).isPresent();
        if (stdin && given) {
            throw new InvalidRequest(object, "the password is given twice", "give it with --password-stdin or with -p");
        }
        boolean asks = Question.canAsk(invocation.session()) && !stdin;
        if (!asks && invocation.value(USER).isEmpty()) {
            throw new InvalidRequest(object, "the user's name is missing, and there is no terminal to ask at",
                    "give it with -u");
        }
        if (!asks && !stdin && !given) {
            throw new InvalidRequest(object, "the password is missing, and there is no terminal to ask at",
                    "give it with --password-stdin or with -p");
        }
        String user = invocation.value(USER).orElseGet(() -> Question.line(invocation.session(), "Username: "));
        String password = stdin ? read(object, invocation)
                : invocation.value(PASSWORD).orElseGet(() -> Question.secret(invocation.session(), "Password: "));
        return Patience.of(invocation.session(), () -> {
            registries.forUser(invocation.session().environment()).login(registry, user, password);
            invocation.out().println("Login Succeeded");
        });
    }

    private static String read(String object, Invocation invocation) {
        try {
            byte[] bytes = invocation.session().in().readNBytes(LONGEST);
            return new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\r?\\n$", "");
        } catch (IOException e) {
            throw new SystemFailure(object, "the password cannot be read", "", e);
        }
    }
}
