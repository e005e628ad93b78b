package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Reference;
import dev.tinydocker.problem.NotFound;
import org.springframework.stereotype.Component;

import java.util.List;

/** {@code push}: sends an image to the registry of its name. */
@Component
final class PushCommand extends ShellCommand {

    private final ImageService images;

    PushCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "push", "Send an image to a registry")
                .takes(1, 1, "NAME[:TAG]", Candidates.IMAGE).options(PullCommand.ALL, PullCommand.QUIET)
                .example("push localhost:5000/team/web:1.0"));
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        boolean quiet = invocation.flag(PullCommand.QUIET);
        List<Reference> wanted = wanted(invocation.argument(0), invocation.flag(PullCommand.ALL));
        try (TransferPrinter printer = new TransferPrinter(invocation.session(), TransferPrinter.Way.PUSH,
                quiet)) {
            return Patience.of(invocation.session(), () -> {
                for (Reference reference : wanted) {
                    images.push(reference, invocation.session().environment(), printer);
                    if (quiet) {
                        invocation.out().println(reference);
                    }
                }
            });
        }
    }

    private List<Reference> wanted(String word, boolean all) {
        Reference reference = images.reference(word);
        if (!all) {
            return List.of(reference);
        }
        PullCommand.checkNoTag("push", word, reference);
        List<Reference> tags = images.list().stream().flatMap(image -> image.tags().stream()).map(images::reference)
                .filter(name -> name.repository().equals(reference.repository())).toList();
        if (tags.isEmpty()) {
            throw new NotFound("push '" + word + "'", "it is not here", "'images' lists all there are");
        }
        return tags;
    }
}
