package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Reference;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import org.springframework.stereotype.Component;

import java.util.List;

/** {@code push}: sends an image to the registry of its name. */
@Component
final class PushCommand extends ShellCommand {

    private static final OptionSpec ALL = OptionSpec.flag('a', "all-tags", "all tags of the repository");
    private static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "print its name only");

    private final ImageService images;

    PushCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "push", "Send an image to a registry")
                .takes(1, 1, "NAME[:TAG]", Candidates.IMAGE).options(ALL, QUIET)
                .example("push localhost:5000/team/web:1.0"));
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        boolean quiet = invocation.flag(QUIET);
        List<Reference> wanted = wanted(invocation.argument(0), invocation.flag(ALL));
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
        if (reference.digest() != null || !"latest".equals(reference.tag()) || word.endsWith(":latest")) {
            throw new InvalidRequest("push all tags of '" + word + "'", "it has a tag or a digest", "leave it out");
        }
        List<Reference> tags = images.list().stream().flatMap(image -> image.tags().stream()).map(images::reference)
                .filter(name -> name.repository().equals(reference.repository())).toList();
        if (tags.isEmpty()) {
            throw new NotFound("push '" + word + "'", "it is not here", "'images' lists all there are");
        }
        return tags;
    }
}
