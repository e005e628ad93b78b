package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import org.springframework.stereotype.Component;

/** {@code image inspect}: all that is known of images, as a JSON array. */
@Component
final class ImageInspectCommand extends ShellCommand {

    private static final OptionSpec FORMAT = Findings.format("{{.Config.Cmd}}");

    private final ImageService images;

    ImageInspectCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "image inspect", "Show all that is known of images, as JSON")
                .takes(1, Usage.MANY, "IMAGE...", Candidates.IMAGE).options(FORMAT)
                .example("image inspect -f '{{.Config.Cmd}}' alpine"));
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        return Findings.print(invocation, FORMAT, word -> ImageInspection.of(images.resolve(word)));
    }
}
