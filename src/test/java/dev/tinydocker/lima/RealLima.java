package dev.tinydocker.lima;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The real limactl with a LIMA_HOME of its own, as a user who is not root: limactl refuses root. {@code src/test/lima} makes
 * it.
 */
final class RealLima {

    static final Path HOME = Path.of("").toAbsolutePath();

    private static final long SECONDS = 60;
    private static final long INSTALL_SECONDS = 900;
    /** It is never read: such an instance does not boot. */
    private static final int DISK_BYTES = 1 << 20;

    final Path directory;
    /** A program that executes its arguments as that user. */
    final Path user;
    /** A program that is limactl, for whoever starts it. */
    final Path program;

    /** @param directory an empty one, for all there will be; no instance that it has boots */
    RealLima(Path directory) throws IOException {
        this(directory, List.of());
    }

    /** @param options of {@code src/test/lima/real} */
    RealLima(Path directory, List<String> options) throws IOException {
        this.directory = open(directory);
        this.user = directory.resolve("user");
        this.program = directory.resolve("limactl");
        List<String> words = new ArrayList<>(List.of(HOME.resolve("src/test/lima/real").toString()));
        words.addAll(options);
        words.add(directory.toString());
        finish(new ProcessBuilder(words), INSTALL_SECONDS).orFail();
    }

    /** What it has said. */
    record Result(int status, String out, String err) {

        Result orFail() {
            if (status != 0) {
                throw new AssertionError("it ended with " + status + ": " + err);
            }
            return this;
        }
    }

    Result ask(String... words) throws IOException {
        return finish(new ProcessBuilder(Stream.concat(Stream.of(program.toString()), Stream.of(words)).toList()), SECONDS);
    }

    /** Makes an instance from lima.yaml that has never run, and returns the directory that it shares. */
    Path create(String name) throws IOException {
        Path disk = Files.write(directory.resolve("disk.raw"), new byte[DISK_BYTES]);
        Path workspace = open(directory.resolve("work space"));
        ask("--tty=false", "create", "--name", name, "--set", ".param.workspace = \"" + workspace + "\"", "--set",
                ".images = [{\"location\": \"" + disk + "\"}]", directory.resolve("lima.yaml").toString()).orFail();
        return workspace;
    }

    static Path open(Path directory) throws IOException {
        Files.createDirectories(directory);
        return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** Waits for its end; it has no input where none is named. */
    static Result finish(ProcessBuilder builder, long seconds) throws IOException {
        List<Path> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                streams.add(Files.createTempFile("lima", ".txt"));
            }
            if (builder.redirectInput() == ProcessBuilder.Redirect.PIPE) {
                builder.redirectInput(new java.io.File("/dev/null"));
            }
            Process process = builder.redirectOutput(streams.getFirst().toFile())
                    .redirectError(streams.getLast().toFile()).start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(builder.command() + " took longer than " + seconds + " seconds");
            }
            return new Result(process.exitValue(), Files.readString(streams.getFirst(), StandardCharsets.UTF_8),
                    Files.readString(streams.getLast(), StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            for (Path stream : streams) {
                Files.delete(stream);
            }
        }
    }
}
