package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import org.springframework.stereotype.Component;

/** {@code rmi}: takes names away, and images that have none left. */
@Component
final class RmiCommand extends ShellCommand {

    private static final OptionSpec FORCE = OptionSpec.flag('f', "force",
            "take all names of an id away, and those of images that ended containers use");

    private final ImageService images;

    RmiCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "rmi", "Remove images")
                .takes(1, Usage.MANY, "IMAGE...", Candidates.IMAGE).options(FORCE).example("rmi alpine:3.22"));
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        boolean force = invocation.flag(FORCE);
        return Each.removal(invocation, force, word -> String.join("\n", images.remove(word, force)));
    }
}
