package dev.tinydocker;

import dev.tinydocker.archive.LayerFuzzer;
import dev.tinydocker.image.DocumentFuzzer;
import dev.tinydocker.registry.AnswerFuzzer;
import dev.tinydocker.support.Fuzzer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/** What others write and root reads, made up by fuzzers, all at the same time: each of them takes a minute. */
class FuzzersIT {

    @TempDir
    Path directory;

    @Test
    void whatIsMadeUpIsReadOrRefusedAndNothingElseIsTouched() throws Exception {
        try (Fuzzer layers = LayerFuzzer.start(Files.createDirectory(directory.resolve("layers")));
                Fuzzer documents = DocumentFuzzer.start(Files.createDirectory(directory.resolve("documents")));
                Fuzzer answers = AnswerFuzzer.start(Files.createDirectory(directory.resolve("answers")))) {
            layers.await();
            documents.await();
            answers.await();
        }
    }
}
