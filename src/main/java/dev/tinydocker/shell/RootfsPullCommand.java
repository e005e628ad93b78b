package dev.tinydocker.shell;

import dev.tinydocker.image.PullProgress.Phase;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.rootfs.FetchProgress;
import dev.tinydocker.rootfs.RootfsCache;
import org.springframework.stereotype.Component;

import java.util.concurrent.atomic.AtomicInteger;

/** {@code rootfs pull}: fetches what is not here, and unpacks it. */
@Component
final class RootfsPullCommand extends ShellCommand {

    private static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "print names only");

    private final RootfsCache cache;

    RootfsPullCommand(RootfsCache cache) {
        super(Usage.of(Usage.ROOTFS, "rootfs pull", "Fetch and unpack root file systems of the catalogue")
                .takes(1, Usage.MANY, "NAME...", Candidates.ROOTFS).options(QUIET).example("rootfs pull alpine:3.20"));
        this.cache = cache;
    }

    @Override
    int execute(Invocation invocation) {
        Session session = invocation.session();
        AtomicInteger failed = new AtomicInteger();
        try (TransferPrinter printer = new TransferPrinter(session, TransferPrinter.Way.PULL,
                invocation.flag(QUIET))) {
            int status = Patience.of(session, () -> {
                for (String name : invocation.arguments()) {
                    try {
                        cache.get(name, progress(printer));
                        session.out().println(name);
                    } catch (Problem problem) {
                        session.out().flush();
                        session.err().println(problem.line());
                        failed.set(ExitStatuses.FAILED);
                    }
                }
            });
            return Math.max(status, failed.get());
        }
    }

    private static FetchProgress progress(TransferPrinter printer) {
        return new FetchProgress() {
            @Override
            public void note(String line) {
                printer.note(line);
            }

            @Override
            public void bytes(String file, long done, long total) {
                printer.layer(file, done == total ? Phase.DONE : Phase.DOWNLOADING, done, total);
            }
        };
    }
}
