package dev.tinydocker.lima;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What there is where this host is no Linux: no engine, but the way to one. */
@Configuration
@Profile("darwin")
class LimaRoom {

    private static final Duration STARTING = Duration.ofSeconds(5);
    /** Where macOS's installers put programs, which a graphical session does not have in its PATH. */
    private static final List<String> USUAL = List.of("/opt/homebrew/bin/limactl", "/usr/local/bin/limactl",
            "/opt/local/bin/limactl");
    private static final Path HERE = Path.of("").toAbsolutePath();

    @Bean
    LimaCtl limaCtl(@Value("${tiny.lima.instance}") String instance) {
        String asked = Optional.ofNullable(System.getenv("LIMACTL")).orElse("");
        return new LimaCtl(asked.isEmpty() ? program() : asked, instance, STARTING);
    }

    private static String program() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        boolean inPath = List.of(path.split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory + "/limactl")));
        return inPath ? "limactl"
                : USUAL.stream().filter(file -> Files.isExecutable(Path.of(file))).findFirst().orElse("limactl");
    }

    @Bean
    LimaExecutor limaExecutor(LimaCtl lima, @Value("${tiny.lima.program}") String program) {
        return new LimaExecutor(lima, program, HERE, System.getenv(), System.err);
    }

    @Bean
    LimaDoctor limaDoctor(LimaCtl lima, @Value("${tiny.lima.program}") String program) {
        return new LimaDoctor(lima, program, HERE);
    }
}
