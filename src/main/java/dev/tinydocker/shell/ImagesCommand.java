package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/** {@code images}: lists images, the newest first, a line for each name. */
@Component
final class ImagesCommand extends ShellCommand {

    private static final OptionSpec ALL = OptionSpec.flag('a', "all", "as without: nothing is hidden");
    private static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "print ids only");
    private static final OptionSpec DIGESTS = OptionSpec.flag("digests", "show the digests registries know them by");
    private static final OptionSpec NO_TRUNC = OptionSpec.flag("no-trunc", "cut nothing short");
    private static final OptionSpec FILTER = OptionSpec.value('f', "filter", "KEY=VALUE",
            "only those that fit: dangling, label, before, since, until, reference");
    private static final OptionSpec FORMAT = OptionSpec.value("format", "FORMAT",
            "json, table, or a template as in {{.ID}}");

    private static final Listing PLAIN = Listing.of(ImageRow.FIELDS, "Repository", "REPOSITORY", "Tag", "TAG", "ID",
            "IMAGE ID", "CreatedSince", "CREATED", "Size", "SIZE");
    private static final Listing WITH_DIGESTS = Listing.of(ImageRow.FIELDS, "Repository", "REPOSITORY", "Tag", "TAG",
            "Digest", "DIGEST", "ID", "IMAGE ID", "CreatedSince", "CREATED", "Size", "SIZE");

    private final ImageService images;
    private final Clock clock;

    ImagesCommand(ImageService images, Clock clock) {
        super(Usage.of(Usage.IMAGES, "images", "List images")
                .takes(0, 1, "[NAME[:TAG|@DIGEST]]", Candidates.IMAGE).options(ALL, QUIET, DIGESTS, NO_TRUNC, FILTER, FORMAT)
                .example("images --filter dangling=true"));
        this.images = images;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        ImageFilter filter = ImageFilter.of(invocation.values(FILTER), images, clock);
        invocation.arguments().forEach(filter::name);
        boolean whole = invocation.flag(NO_TRUNC);
        String format = invocation.value(FORMAT).filter(word -> !word.isEmpty()).orElse("table");
        boolean digests = invocation.flag(DIGESTS) || format.contains(".Digest");
        List<Map<String, String>> rows = images.list().stream().filter(filter::test)
                .flatMap(image -> ImageRow.of(image, filter::shows, whole, digests, clock).stream()).toList();
        if (invocation.flag(QUIET)) {
            rows.stream().map(row -> row.get("ID")).distinct().forEach(invocation.out()::println);
        } else {
            (invocation.flag(DIGESTS) ? WITH_DIGESTS : PLAIN).print(invocation.out(), format, rows);
        }
        return 0;
    }
}
