package dev.tinydocker.shell;

import dev.tinydocker.container.History;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.ImageService.Step;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Printable;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code history}: how an image was made, the last step first; with {@code --timeline} what happened to a
 * container.
 */
@Component
final class HistoryCommand extends ShellCommand {

    private static final OptionSpec NO_TRUNC = OptionSpec.flag("no-trunc", "cut nothing short");
    private static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "print ids only");
    private static final OptionSpec HUMAN = OptionSpec.flag('H', "human", "sizes and times for people (the default)");
    private static final OptionSpec FORMAT = OptionSpec.value("format", "FORMAT",
            "json, table, or a template as in {{.CreatedBy}}");
    private static final OptionSpec TIMELINE = OptionSpec.flag("timeline",
            "of a container: what happened to it, also of one that was removed");
    private static final List<String> FIELDS = List.of("ID", "CreatedAt", "CreatedSince", "CreatedBy", "Size",
            "Comment");
    private static final Listing LISTING = Listing.of(FIELDS, "ID", "IMAGE", "CreatedSince", "CREATED", "CreatedBy",
            "CREATED BY", "Size", "SIZE", "Comment", "COMMENT");
    private static final int LONGEST = 45;

    private final ImageService images;
    private final History history;
    private final Clock clock;

    HistoryCommand(ImageService images, History history, Clock clock) {
        super(Usage.of(Usage.IMAGES, "history", "Show how an image was made, or what became of a container")
                .takes(1, 1, "IMAGE | CONTAINER", Candidates.IMAGE_OR_CONTAINER)
                .options(FORMAT, HUMAN, NO_TRUNC, QUIET, TIMELINE)
                .example("history alpine"));
        this.images = images;
        this.history = history;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        if (invocation.flag(TIMELINE)) {
            Session.Tty tty = invocation.session().tty();
            invocation.out().print(TimelineText.of(history.timeline(invocation.argument(0)), clock,
                    tty.out() ? tty.columns() : 0));
            return 0;
        }
        boolean whole = invocation.flag(NO_TRUNC);
        boolean human = invocation.flag(HUMAN, true);
        List<Map<String, String>> rows = steps(invocation.argument(0)).stream()
                .map(step -> row(step, whole, human)).toList();
        LISTING.print(invocation, QUIET, "ID", FORMAT, rows);
        return 0;
    }

    /** An image's; whoever names a container is told how to ask for its history. */
    private List<Step> steps(String word) {
        try {
            return images.history(word);
        } catch (NotFound e) {
            if (history.knows(word)) {
                throw new NotFound("find the image '" + word + "'", "it is a container",
                        "'history " + word + " --timeline' tells what happened to it", e);
            }
            throw e;
        }
    }

    private Map<String, String> row(Step step, boolean whole, boolean human) {
        Map<String, String> row = new LinkedHashMap<>();
        String id = step.id().startsWith("sha256:") && !whole ? step.id().substring(7, 19) : step.id();
        String by = Printable.line(step.createdBy());
        String at = step.created().truncatedTo(ChronoUnit.SECONDS).toString();
        row.put("ID", id);
        row.put("CreatedAt", at);
        row.put("CreatedSince", human ? ImageRow.since(step.created(), clock) : at);
        row.put("CreatedBy", whole || by.length() <= LONGEST ? by : by.substring(0, LONGEST - 1) + "…");
        row.put("Size", human ? Sizes.of(step.bytes()) : Long.toString(step.bytes()));
        row.put("Comment", Printable.line(step.comment()));
        return row;
    }
}
