package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.CopySpec;
import dev.tinydocker.problem.InvalidRequest;
import org.springframework.stereotype.Component;

/** {@code cp}: copies files between a container and this host. */
@Component
final class CpCommand extends ShellCommand {

    private static final OptionSpec ARCHIVE = OptionSpec.flag('a', "archive",
            "keep owners, and programs that have their rights; else all is root's");
    private static final OptionSpec FOLLOW = OptionSpec.flag('L', "follow-link",
            "copy what a link leads to, where the source is one");
    private static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "print nothing");

    private final ContainerService containers;

    CpCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "cp", "Copy files between a container and this host")
                .takes(2, 2, "CONTAINER:SRC DEST|- or SRC|- CONTAINER:DEST", Candidates.COPY)
                .options(ARCHIVE, FOLLOW, QUIET).example("cp web:/etc/nginx ."));
        this.containers = containers;
    }

    /**
     * One of the two places.
     *
     * @param container empty for this host
     */
    private record Place(String word, String container, String path) {

        /** A path with a dot or a slash first is none of a container, whatever colons are in it. */
        static Place of(String word) {
            int colon = word.indexOf(':');
            boolean host = colon < 1 || word.startsWith("/") || word.startsWith(".");
            return host ? new Place(word, "", word)
                    : new Place(word, word.substring(0, colon), word.substring(colon + 1));
        }

        boolean isHost() {
            return container.isEmpty();
        }

        boolean isArchive() {
            return word.equals("-");
        }
    }

    @Override
    int execute(Invocation invocation) {
        Place from = Place.of(invocation.argument(0));
        Place to = Place.of(invocation.argument(1));
        String what = "copy '" + from.word + "' to '" + to.word + "'";
        if (from.isHost() == to.isHost()) {
            throw new InvalidRequest(what, from.isHost() ? "neither is in a container" : "both are in containers",
                    from.isHost() ? "write CONTAINER:PATH for one of them" : "copy by way of this host");
        }
        Place inside = from.isHost() ? to : from;
        Place outside = from.isHost() ? from : to;
        if (inside.path.isEmpty() || outside.path.isEmpty()) {
            throw new InvalidRequest(what, "a path is empty", "write CONTAINER:/ for all of it");
        }
        containers.inspect(inside.container);
        if (outside.isArchive()) {
            return archive(invocation, inside, to.isHost());
        }
        String host = absolute(invocation, outside.path);
        CopySpec wish = new CopySpec(inside.path, host, invocation.flag(FOLLOW), invocation.flag(ARCHIVE));
        return Patience.of(invocation.session(), () -> {
            long bytes = to.isHost() ? containers.copyOut(inside.container, wish)
                    : containers.copyIn(inside.container, wish);
            if (!invocation.flag(QUIET)) {
                String place = to.isHost() ? host : to.word;
                invocation.err().println("Successfully copied " + Sizes.of(bytes) + " to " + place);
            }
        });
    }

    private int archive(Invocation invocation, Place inside, boolean out) {
        if (out) {
            OutputFile.refuseTerminal(invocation, "copy", "name a file, or write 'cp " + inside.word + " - >FILE'");
            return Patience.of(invocation.session(), () -> containers.read(inside.container, inside.path,
                    invocation.flag(FOLLOW), invocation.out()));
        } else if (invocation.session().tty().in()) {
            throw new InvalidRequest("copy from standard input", "it is a terminal",
                    "write 'cp - " + inside.word + " <FILE'");
        }
        return Patience.of(invocation.session(), () -> containers.write(inside.container, inside.path,
                invocation.session().in()));
    }

    /** Its end says something, which a path that was put together anew would not have. */
    private static String absolute(Invocation invocation, String path) {
        return path.startsWith("/") ? path : invocation.session().directory() + "/" + path;
    }
}
