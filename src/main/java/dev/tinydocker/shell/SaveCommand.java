package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import org.springframework.stereotype.Component;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
            if (invocation.session().tty().out()) {
                throw new InvalidRequest("save to standard output", "it is a terminal",
                        "name a file with -o, or write 'save IMAGE >FILE'");
            }
            return Patience.of(invocation.session(), () -> images.save(wanted, invocation.out()));
        }
        Path path = invocation.path(word);
        boolean directory = word.endsWith("/") || Files.isDirectory(path);
        return Patience.of(invocation.session(), () -> {
            if (directory) {
                images.save(wanted, path);
            } else {
                write(word, path, wanted);
            }
        });
    }

    /** The file is whole or not there. */
    private void write(String word, Path path, List<String> wanted) {
        wanted.forEach(images::resolve);
        boolean ordinary = !Files.exists(path) || Files.isRegularFile(path);
        Path file = ordinary ? path.resolveSibling("." + path.getFileName() + ".part") : path;
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 18)) {
                images.save(wanted, out);
            }
            if (ordinary) {
                Files.move(file, path, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new SystemFailure("save to '" + word + "'", String.valueOf(e.getMessage()),
                    "see that it can be written", e);
        } finally {
            if (ordinary) {
                discard(file);
            }
        }
    }

    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new SystemFailure("delete '" + file + "'", String.valueOf(e.getMessage()), "", e);
        }
    }
}
