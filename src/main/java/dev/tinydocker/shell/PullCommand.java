package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Platform;
import dev.tinydocker.image.PullOptions;
import dev.tinydocker.image.Reference;
import dev.tinydocker.problem.InvalidRequest;
import org.springframework.stereotype.Component;

/** {@code pull}: brings an image here from a registry. */
@Component
final class PullCommand extends ShellCommand {

    static final OptionSpec ALL = OptionSpec.flag('a', "all-tags", "all tags of the repository");
    static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "print its name only");
    static final OptionSpec PLATFORM = OptionSpec.value("platform", "OS/ARCH",
            "for another machine, as in linux/arm64");

    private final ImageService images;

    PullCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "pull", "Download an image from a registry")
                .takes(1, 1, "NAME[:TAG|@DIGEST]", Candidates.IMAGE).options(ALL, QUIET, PLATFORM)
                .example("pull localhost:5000/team/web:1.0"));
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        String word = invocation.argument(0);
        boolean quiet = invocation.flag(QUIET);
        Platform platform = invocation.value(PLATFORM).map(Platform::parse).orElseGet(Platform::host);
        PullOptions options = new PullOptions(platform, invocation.session().environment());
        Reference reference = images.reference(word);
        boolean all = invocation.flag(ALL);
        if (all) {
            checkNoTag("pull", word, reference);
        }
        try (TransferPrinter printer = new TransferPrinter(invocation.session(), TransferPrinter.Way.PULL,
                quiet)) {
            return Patience.of(invocation.session(), () -> {
                if (all) {
                    for (String tag : images.tags(reference, options)) {
                        images.pull(new Reference(reference.registry(), reference.path(), tag, null), options, printer);
                    }
                    invocation.out().println(reference.repository());
                } else {
                    if (!quiet && reference.digest() == null && !word.endsWith(":" + reference.tag())) {
                        printer.note("Using default tag: " + reference.tag());
                    }
                    images.pull(reference, options, printer);
                    invocation.out().println(reference);
                }
            });
        }
    }

    /** @throws InvalidRequest where all tags are wanted of what has one, or a digest */
    static void checkNoTag(String deed, String word, Reference reference) {
        if (reference.digest() != null || !"latest".equals(reference.tag()) || word.endsWith(":latest")) {
            throw new InvalidRequest(deed + " all tags of '" + word + "'", "it has a tag or a digest", "leave it out");
        }
    }
}
