package dev.tinydocker.shell;

import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Platform;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code load}: takes images out of an archive or a directory, of Docker's kind or OCI's. */
@Component
final class LoadCommand extends ShellCommand {

    private static final OptionSpec INPUT = OptionSpec.value('i', "input", "FILE",
            "a tar archive, compressed or not, or a directory; - is standard input").offering(Candidates.FILE);
    private static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "taken for Docker's sake: no progress is shown in any case");

    private final ImageService images;

    LoadCommand(ImageService images) {
        super(Usage.of(Usage.IMAGES, "load", "Take images out of an archive").options(INPUT, QUIET,
                PullCommand.PLATFORM).example("load -i images.tar"));
        this.images = images;
    }

    @Override
    int execute(Invocation invocation) {
        Optional<Platform> platform = invocation.value(PullCommand.PLATFORM).map(Platform::parse);
        String word = invocation.value(INPUT).orElse("-");
        Consumer<String> done = invocation.out()::println;
        if (word.equals("-") && invocation.session().tty().in()) {
            throw new InvalidRequest("load images from standard input", "it is a terminal",
                    "name a file with -i, or write 'load <FILE'");
        }
        return Patience.of(invocation.session(), () -> load(invocation, word, platform, done));
    }

    private void load(Invocation invocation, String word, Optional<Platform> platform, Consumer<String> done) {
        if (word.equals("-")) {
            images.load("-", invocation.session().in(), platform, done);
            return;
        }
        Path path = invocation.path(word);
        if (Files.isDirectory(path)) {
            images.load(path, platform, done);
            return;
        }
        try (InputStream in = Files.newInputStream(path)) {
            images.load(word, in, platform, done);
        } catch (NoSuchFileException e) {
            throw new NotFound("load '" + word + "'", "there is no such file", "'save' writes one", e);
        } catch (IOException e) {
            throw new SystemFailure("load '" + word + "'", FileFailures.reason(e), "", e);
        }
    }
}
