package dev.tinydocker.network;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.problem.SystemFailure;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the files of a container that runs are to say when it has come into a network or has left one. They are written
 * where they are, for the container has them mounted; what it has put there itself stays.
 */
@Component
class FileChanges {

    /** The container may write what it wants: more than that is none of ours. */
    private static final int LONGEST = 1 << 16;

    private final ContainerFiles files;

    FileChanges(ContainerFiles files) {
        this.files = files;
    }

    /**
     * May be asked again.
     *
     * @param directory where they are
     * @param before what the container had of networks when they were written
     * @param answered the networks in which this engine is asked for names
     */
    List<HostStep> steps(Path directory, String hostname, NetworkWish wish, List<Lease> before, List<Lease> after,
            Predicate<Network> answered) {
        List<HostStep> steps = new ArrayList<>();
        Path hosts = directory.resolve(ContainerFiles.HOSTS);
        read(hosts).ifPresent(text -> {
            String now = hosts(text, hostname, before, after);
            if (!now.equals(text)) {
                steps.add(new HostStep.WriteFile(hosts, now.getBytes(StandardCharsets.ISO_8859_1), 0644,
                        "so that the container's name has the addresses that it has now"));
            }
        });
        Path conf = directory.resolve(ContainerFiles.RESOLV_CONF);
        String servers = files.servers(wish, after, answered);
        read(conf).filter(text -> asked(text).equals(asked(files.servers(wish, before, answered))))
                .filter(text -> !asked(text).equals(asked(servers)))
                .ifPresent(_ -> steps.add(HostStep.WriteFile.text(conf, servers,
                        "so that names are asked where the container is now")));
        return steps;
    }

    private static String hosts(String text, String hostname, List<Lease> before, List<Lease> after) {
        List<String> had = before.stream().flatMap(lease -> ContainerFiles.own(lease, hostname).lines()).toList();
        List<String> has = after.stream().flatMap(lease -> ContainerFiles.own(lease, hostname).lines()).toList();
        List<String> lines = new ArrayList<>(text.lines().filter(line -> has.contains(line) || !had.contains(line))
                .toList());
        has.stream().filter(line -> !lines.contains(line)).forEach(lines::add);
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static List<String> asked(String conf) {
        return conf.lines().map(String::strip).filter(line -> line.matches("nameserver\\s.*")).toList();
    }

    /** A character for each byte, whatever there is. */
    private static Optional<String> read(Path file) {
        try {
            return Files.notExists(file) || Files.size(file) > LONGEST ? Optional.empty()
                    : Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new SystemFailure("read '" + file + "'", String.valueOf(e.getMessage()), "", e);
        }
    }
}
