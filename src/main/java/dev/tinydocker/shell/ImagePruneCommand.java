package dev.tinydocker.shell;

import dev.tinydocker.container.Housekeeping;
import dev.tinydocker.image.ImageService;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.util.List;

/** {@code image prune}: removes images that nobody needs. */
@Component
final class ImagePruneCommand extends ShellCommand {

    private static final OptionSpec ALL = OptionSpec.flag('a', "all",
            "those with a name too, unless a container uses them");

    private final ImageService images;
    private final Clock clock;

    ImagePruneCommand(ImageService images, Clock clock) {
        super(Usage.of(Usage.IMAGES, "image prune", "Remove images without a name")
                .options(ALL, PruneFilter.OPTION, Pruning.FORCE).example("image prune -f"));
        this.images = images;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        PruneFilter filter = PruneFilter.of(invocation.values(PruneFilter.OPTION), clock);
        boolean all = invocation.flag(ALL);
        if (Pruning.isMeant(invocation, "images",
                "WARNING! This will remove all images " + (all ? "that no container uses." : "without a name."))) {
            ImageService.Pruned pruned = images.prune(all, filter::test);
            Pruning.print(invocation, new Housekeeping.Pruned(List.of(), List.of(), List.of(),
                    pruned.lines(), List.of(), pruned.bytes()));
        }
        return 0;
    }
}
