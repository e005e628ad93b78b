package dev.tinydocker.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that makes up input and sees which code each reaches, for as long as the property {@code tiny.fuzz.seconds}
 * says (in Maven: {@code -Dfuzz.seconds=…}). What it finds stays in target/fuzz.
 */
public final class Fuzzer implements AutoCloseable {

    private static final int SECONDS = Integer.getInteger("tiny.fuzz.seconds", 10);
    private static final int START_AND_END = 120;

    private final Process process;
    private final Path log;
    private final Runnable afterwards;

    private Fuzzer(Process process, Path log, Runnable afterwards) {
        this.process = process;
        this.log = log;
        this.afterwards = afterwards;
    }

    /**
     * Starts one.
     *
     * @param target has a method {@code fuzzerTestOneInput(byte[])}; its package is looked into
     * @param corpus a directory of inputs to begin with
     * @param longest input, in bytes
     * @param afterwards looks at what it has left
     * @param options of the JVM
     */
    public static Fuzzer start(Class<?> target, Path corpus, int longest, Runnable afterwards, String... options)
            throws IOException {
        Path found = Files.createDirectories(Path.of("target/fuzz").toAbsolutePath());
        Path log = found.resolve(target.getSimpleName() + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(), "--instrumentation_includes=" + target.getPackageName() + ".**",
                "--reproducer_path=" + found, "-artifact_prefix=" + found + "/", "-max_total_time=" + SECONDS,
                "-max_len=" + longest, "-timeout=60", corpus.toString()));
        return new Fuzzer(new ProcessBuilder(command).directory(corpus.getParent().toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start(), log, afterwards);
    }

    /** Waits for its end; fails with the place of its log where it has found anything. */
    public void await() throws IOException, InterruptedException {
        assertThat(process.waitFor(SECONDS + START_AND_END, TimeUnit.SECONDS)).as("it ends in time, see %s", log)
                .isTrue();
        assertThat(process.exitValue()).as("see %s", log).isZero();
        assertThat(Files.readString(log)).containsPattern("Done [0-9]{3,} runs");
        afterwards.run();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
