package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import dev.tinydocker.problem.InvalidRequest;
import org.springframework.stereotype.Component;

/** {@code image prune}: removes images that nobody needs. */
@Component
final class ImagePruneCommand extends ShellCommand {

    private static final OptionSpec ALL = OptionSpec.flag('a', "all",
            "those with a name too, unless a container uses them");
    private static final OptionSpec FORCE = OptionSpec.flag('f', "force", "needed: there is no question first");

    private final ImageService images;

    ImagePruneCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "image prune", "Remove images without a name").options(ALL, FORCE)
                .example("image prune -f"));
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        if (!invocation.flag(FORCE)) {
            throw new InvalidRequest("prune images", "what goes cannot be had back", "-f says that it is meant");
        }
        ImageService.Pruned pruned = images.prune(invocation.flag(ALL));
        if (!pruned.lines().isEmpty()) {
            invocation.out().println("Deleted Images:");
            pruned.lines().forEach(line -> invocation.out()
                    .println(Character.toLowerCase(line.charAt(0)) + line.substring(1)));
            invocation.out().println();
        }
        invocation.out().println("Total reclaimed space: " + Sizes.of(pruned.bytes()));
        return 0;
    }
}
