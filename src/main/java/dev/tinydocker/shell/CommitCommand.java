package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.image.Changes;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Reference;
import dev.tinydocker.image.Snapshot;
import org.springframework.stereotype.Component;

/** {@code commit}: makes an image of a container. */
@Component
final class CommitCommand extends ShellCommand {

    private static final OptionSpec AUTHOR = OptionSpec.value('a', "author", "NAME", "who made it");
    private static final OptionSpec PAUSE = OptionSpec.flag('p', "pause",
            "its processes stand still meanwhile (the default); --pause=false lets them run");

    private final ContainerService containers;
    private final ImageService images;

    CommitCommand(ContainerService containers, ImageService images) {
        super(Usage.of(Usage.CONTAINERS, "commit", "Make an image of a container")
                .takes(1, 2, "CONTAINER [NAME[:TAG]]", Candidates.CONTAINER)
                .options(AUTHOR, ImportCommand.CHANGE, ImportCommand.MESSAGE, PAUSE)
                .example("commit -c 'CMD [\"nginx\"]' web mine:1"));
        this.containers = containers;
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        String container = invocation.argument(0);
        Reference name = invocation.arguments().size() < 2 ? null : images.reference(invocation.argument(1))
                .given("commit '" + container + "' as '" + invocation.argument(1) + "'");
        boolean pause = invocation.flag(PAUSE, true);
        Snapshot.Words words = new Snapshot.Words(name, Changes.of(invocation.values(ImportCommand.CHANGE)),
                invocation.value(AUTHOR).orElse(""), invocation.value(ImportCommand.MESSAGE).orElse(""));
        return Patience.of(invocation.session(),
                () -> invocation.out().println(containers.commit(container, pause, words)));
    }
}
