package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.rootfs.RootfsCache;
import org.springframework.stereotype.Component;

/** {@code rootfs clean}: removes archives and what was unpacked of them. */
@Component
final class RootfsCleanCommand extends ShellCommand {

    private static final OptionSpec ALL = OptionSpec.flag('a', "all", "all that no container uses");

    private final RootfsCache cache;

    RootfsCleanCommand(RootfsCache cache) {
        super(Usage.of(Usage.ROOTFS, "rootfs clean",
                "Remove root file systems; where none is named, what nothing leads to any more")
                .takes(0, Usage.MANY, "[NAME...]", Candidates.ROOTFS).options(ALL).example("rootfs clean alpine:3.20"));
        this.cache = cache;
    }

    @Override
    int execute(Invocation invocation) {
        boolean all = invocation.flag(ALL);
        if (all && !invocation.arguments().isEmpty()) {
            throw new InvalidRequest("clean root file systems", "both names and --all were given", "give one of both");
        }
        RootfsCache.Cleaned cleaned = cache.clean(invocation.arguments(), all);
        cleaned.removed().forEach(name -> invocation.out().println("Removed: " + name));
        cleaned.kept().forEach(name -> invocation.out().println("In use: " + name));
        Pruning.printSpace(invocation, cleaned.bytes());
        return 0;
    }
}
