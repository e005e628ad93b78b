package dev.tinydocker.log;

import dev.tinydocker.plan.ShimStep;
import org.springframework.stereotype.Service;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/** The logs of containers: the shim writes them, the engine reads. */
@Service
public class LogService {

    /** Opens the log; its directory exists. */
    public ShimStep.Log step(Path file, LogSettings settings) {
        return new ShimStep.Log(settings.maxBytes(), settings.maxFiles(), file);
    }

    /** A reader of the log; {@code ended} completes when nothing more will be written. */
    public LogReader reader(Path file, CompletionStage<?> ended) {
        return new FileLogReader(file, ended);
    }
}
