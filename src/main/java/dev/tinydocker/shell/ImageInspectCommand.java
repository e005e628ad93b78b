package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import dev.tinydocker.problem.Problem;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code image inspect}: all that is known of images, as a JSON array. */
@Component
final class ImageInspectCommand extends ShellCommand {

    private static final OptionSpec FORMAT = OptionSpec.value('f', "format", "FORMAT",
            "a template as in {{.Config.Cmd}}, or json");

    private final ImageService images;

    ImageInspectCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "image inspect", "Show all that is known of images, as JSON")
                .takes(1, Usage.MANY, "IMAGE...", Candidates.IMAGE).options(FORMAT)
                .example("image inspect -f '{{.Config.Cmd}}' alpine"));
        this.images = images;
    }

    /** What is found is printed even where other names lead nowhere. */
    @Override
    int execute(Invocation invocation) {
        List<Map<String, Object>> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String word : invocation.arguments()) {
            try {
                found.add(ImageInspection.of(images.resolve(word)));
            } catch (Problem problem) {
                missing.add(problem.line());
            }
        }
        String format = invocation.value(FORMAT).orElse("");
        if (format.isEmpty()) {
            invocation.out().println(Json.lines(found));
        } else if (format.equals("json")) {
            invocation.out().println(Json.line(found));
        } else {
            Template template = Template.of(format);
            found.forEach(image -> invocation.out().println(template.fill(image)));
        }
        invocation.out().flush();
        missing.forEach(invocation.err()::println);
        return missing.isEmpty() ? 0 : ExitStatuses.FAILED;
    }
}
