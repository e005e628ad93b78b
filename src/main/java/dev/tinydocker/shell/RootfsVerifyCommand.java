package dev.tinydocker.shell;

import dev.tinydocker.rootfs.CachedRootfs;
import dev.tinydocker.rootfs.RootfsCache;
import org.springframework.stereotype.Component;

/** {@code rootfs verify}: whether the archives that are here are what they should be. */
@Component
final class RootfsVerifyCommand extends ShellCommand {

    private final RootfsCache cache;

    RootfsVerifyCommand(RootfsCache cache) {
        super(Usage.of(Usage.ROOTFS, "rootfs verify", "Compare archives with their SHA-256; all where none is named")
                .takes(0, Usage.MANY, "[NAME...]", Candidates.ROOTFS).example("rootfs verify"));
        this.cache = cache;
    }

    @Override
    int execute(Invocation invocation) {
        int status = 0;
        for (CachedRootfs rootfs : cache.verify(invocation.arguments())) {
            switch (rootfs.archive()) {
                case VERIFIED, ABSENT -> invocation.out().println(rootfs.name() + ": OK");
                case UNKNOWN -> invocation.out().println(rootfs.name() + ": nobody knows what the SHA-256 of '"
                        + rootfs.file() + "' has to be");
                case WRONG -> {
                    invocation.out().flush();
                    invocation.err().println("cannot verify '" + rootfs.name() + "': the SHA-256 of '" + rootfs.file()
                            + "' is wrong; 'rootfs clean " + rootfs.name() + "' removes it");
                    status = ExitStatuses.FAILED;
                }
            }
        }
        return status;
    }
}
