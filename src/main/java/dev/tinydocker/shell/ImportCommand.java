package dev.tinydocker.shell;

import dev.tinydocker.image.Changes;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Platform;
import dev.tinydocker.image.Reference;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.registry.WebFile;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/** {@code import}: makes an image of the archive of a root file system. */
@Component
final class ImportCommand extends ShellCommand {

    static final OptionSpec CHANGE = OptionSpec.value('c', "change", "INSTRUCTION",
            "a line of a Dockerfile, as in 'CMD [\"sh\"]'; may be given several times");
    static final OptionSpec MESSAGE = OptionSpec.value('m', "message", "TEXT", "what its history says");

    private final ImageService images;

    ImportCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "import", "Make an image of the archive of a root file system")
                .takes(1, 2, "FILE|URL|- [NAME[:TAG]]", Candidates.FILE).options(CHANGE, MESSAGE, PullCommand.PLATFORM)
                .example("import -c 'CMD [\"/bin/sh\"]' root.tar.gz mine:1"));
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        String source = invocation.argument(0);
        Changes changes = Changes.of(invocation.values(CHANGE));
        Platform platform = invocation.value(PullCommand.PLATFORM).map(Platform::parse).orElseGet(Platform::host);
        Reference name = invocation.arguments().size() < 2 ? null : images.reference(invocation.argument(1))
                .given("import '" + source + "' as '" + invocation.argument(1) + "'");
        String message = invocation.value(MESSAGE).orElse("Imported from " + source);
        return Patience.of(invocation.session(), () -> {
            try (InputStream in = open(invocation, source)) {
                invocation.out().println(images.importArchive(source, in, name, changes, message, platform));
            } catch (NoSuchFileException e) {
                throw new NotFound("import '" + source + "'", "there is no such file", "", e);
            } catch (IOException e) {
                throw new SystemFailure("import '" + source + "'", FileFailures.reason(e), "", e);
            }
        });
    }

    private static InputStream open(Invocation invocation, String source) throws IOException {
        if (source.equals("-")) {
            return invocation.session().in();
        }
        if (source.startsWith("http://") || source.startsWith("https://")) {
            return WebFile.open(source);
        }
        return Files.newInputStream(invocation.path(source));
    }
}
