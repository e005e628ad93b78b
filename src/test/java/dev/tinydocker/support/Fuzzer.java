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
public final class Fuzzer {

    private Fuzzer() {
    }

    /** How long one is to take in all. */
    public static int seconds() {
        return Integer.getInteger("tiny.fuzz.seconds", 10);
    }

    /**
     * Fails with the place of its log where it finds anything.
     *
     * @param target has a method {@code fuzzerTestOneInput(byte[])}; its package is looked into
     * @param corpus a directory of inputs to begin with
     * @param longest input, in bytes
     * @param options of the JVM
     */
    public static void run(Class<?> target, Path corpus, int seconds, int longest, String... options)
            throws IOException, InterruptedException {
        Path found = Files.createDirectories(Path.of("target/fuzz").toAbsolutePath());
        Path log = found.resolve(target.getSimpleName() + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(), "--instrumentation_includes=" + target.getPackageName() + ".**",
                "--reproducer_path=" + found, "-artifact_prefix=" + found + "/", "-max_total_time=" + seconds,
                "-max_len=" + longest, "-timeout=60", corpus.toString()));
        Process fuzzer = new ProcessBuilder(command).directory(corpus.getParent().toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        try {
            assertThat(fuzzer.waitFor(seconds + 120L, TimeUnit.SECONDS)).as("it ends in time, see %s", log).isTrue();
        } finally {
            fuzzer.destroyForcibly();
        }
        assertThat(fuzzer.exitValue()).as("see %s", log).isZero();
        assertThat(Files.readString(log)).containsPattern("Done [0-9]{3,} runs");
    }
}
