package dev.tinydocker.shell;

import dev.tinydocker.security.Capability;
import dev.tinydocker.security.SecurityOption;
import dev.tinydocker.security.SecurityWish;

import java.util.List;

/** Reads which walls a container is to have. */
final class SecurityReader {

    private SecurityReader() {
    }

    static SecurityWish read(Invocation invocation, Faults faults) {
        SecurityWish wish = new SecurityWish(invocation.flag(RunOptions.PRIVILEGED),
                capabilities(invocation, RunOptions.CAP_ADD, faults),
                capabilities(invocation, RunOptions.CAP_DROP, faults), null, null, List.of(), null);
        for (String word : invocation.values(RunOptions.SECURITY_OPT)) {
            SecurityWish before = wish;
            wish = faults.read(() -> SecurityOption.apply(before, word, invocation::path), before);
        }
        return wish;
    }

    private static List<String> capabilities(Invocation invocation, OptionSpec option, Faults faults) {
        return invocation.values(option).stream()
                .map(word -> faults.read(() -> Capability.name("--" + option.name(), word), ""))
                .filter(name -> !name.isEmpty()).distinct().toList();
    }
}
