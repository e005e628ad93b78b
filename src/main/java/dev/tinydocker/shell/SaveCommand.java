package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import org.springframework.stereotype.Component;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code save}: writes images as an archive or into a directory, which are Docker's and OCI's at once. */
@Component
final class SaveCommand extends ShellCommand {

    private static final OptionSpec OUTPUT = OptionSpec.value('o', "output", "FILE",
            "a tar archive, or a directory where it is one or ends with a slash; - is standard output")
            .offering(Candidates.FILE);

    private final ImageService images;

    SaveCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "save", "Write images to an archive")
                .takes(1, Usage.MANY, "IMAGE...", Candidates.IMAGE).options(OUTPUT)
                .example("save -o images.tar alpine:3.22 web"));
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        String word = invocation.value(OUTPUT).orElse("-");
        List<String> wanted = invocation.arguments();
        if (word.equals("-")) {
            OutputFile.refuseTerminal(invocation, "save", "name a file with -o, or write 'save IMAGE >FILE'");
            return Patience.of(invocation.session(), () -> images.save(wanted, invocation.out()));
        }
        Path path = OutputFile.named(invocation, "save to '" + word + "'", word);
        boolean directory = word.endsWith("/") || Files.isDirectory(path);
        return Patience.of(invocation.session(), () -> {
            if (directory) {
                images.save(wanted, path);
            } else {
                wanted.forEach(images::resolve);
                OutputFile.write("save to '" + word + "'", path, out -> images.save(wanted, out));
            }
        });
    }
}
