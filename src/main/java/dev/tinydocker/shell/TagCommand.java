package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import org.springframework.stereotype.Component;

/** {@code tag}: gives an image a further name. */
@Component
final class TagCommand extends ShellCommand {

    private final ImageService images;

    TagCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "tag", "Give an image a further name")
                .takes(2, 2, "IMAGE NAME[:TAG]", Candidates.IMAGE).example("tag web localhost:5000/team/web:1.0"));
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        images.tag(invocation.argument(0), invocation.argument(1));
        return 0;
    }
}
