package dev.tinydocker.rootfs;

import com.github.luben.zstd.ZstdOutputStream;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A root file system made of a distribution's packages, by mmdebstrap(1) or debootstrap(8). Scripts of the packages are
 * executed with root's rights, as an installation does; the packages are those that the distribution has signed.
 */
final class Bootstrap {

    /** In this order: mmdebstrap is several times quicker, and knows several registries. */
    static final List<String> PROGRAMS = List.of("mmdebstrap", "debootstrap");

    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final List<Path> PLACES = Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin").map(Path::of)
            .toList();
    /** What both write of this host into it, and what is no business of anybody's. */
    private static final List<String> OF_THIS_HOST = List.of("etc/hostname", "etc/resolv.conf");
    /** Their mounts are seen nowhere else, and their processes end with them: unshare(1). */
    private static final List<String> APART = List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "--");

    private Bootstrap() {
    }

    static boolean isPossible() {
        return PROGRAMS.stream().anyMatch(name -> program(name).isPresent());
    }

    /** Writes it as an archive; {@code work} is empty and takes what is needed meanwhile. */
    static void write(Source.Bootstrap source, Path archive, Path work, FetchProgress progress) throws IOException {
        String program = PROGRAMS.stream().filter(name -> program(name).isPresent()).findFirst()
                .orElseThrow(() -> new IOException("neither mmdebstrap nor debootstrap is installed"));
        progress.note("making " + source.distribution() + " " + source.suite() + " of its packages with " + program);
        List<String> registries = AptRegistries.lines(source.distribution(), source.suite(), work);
        Path tar = work.resolve("tree.tar");
        if (program.equals("mmdebstrap")) {
            run(mmdebstrap(source, registries, tar), work, progress);
        } else {
            Path tree = work.resolve("tree");
            run(debootstrap(source, registries.getFirst().split(" ")[1], tree), work, progress);
            for (String name : OF_THIS_HOST) {
                // Deleted first: it may be a link.
                Files.deleteIfExists(tree.resolve(name));
                Files.createFile(tree.resolve(name));
            }
            run(List.of("tar", "--numeric-owner", "--xattrs", "--xattrs-include=*", "-C", tree.toString(), "-cf",
                    tar.toString(), "."), work, progress);
        }
        try (OutputStream out = new ZstdOutputStream(new BufferedOutputStream(Files.newOutputStream(archive)))) {
            Files.copy(tar, out);
        }
    }

    static List<String> mmdebstrap(Source.Bootstrap source, List<String> registries, Path tar) {
        List<String> argv = new ArrayList<>(APART);
        argv.addAll(List.of("mmdebstrap", "--mode=root", "--format=tar", "--variant=" + source.variant()));
        if (!source.packages().isEmpty()) {
            argv.add("--include=" + String.join(",", source.packages()));
        }
        for (String name : OF_THIS_HOST) {
            argv.add("--customize-hook=rm -f \"$1/" + name + "\" && : >\"$1/" + name + "\"");
        }
        argv.add(source.suite());
        argv.add(tar.toString());
        argv.addAll(registries);
        return argv;
    }

    private static List<String> debootstrap(Source.Bootstrap source, String registry, Path tree) {
        List<String> argv = new ArrayList<>(APART);
        argv.addAll(List.of("debootstrap", "--force-check-gpg", "--variant=" + source.variant()));
        if (!source.packages().isEmpty()) {
            argv.add("--include=" + String.join(",", source.packages()));
        }
        argv.addAll(Arrays.asList(source.suite(), tree.toString(), registry));
        return argv;
    }

    private static void run(List<String> argv, Path work, FetchProgress progress) throws IOException {
        Command.run(argv, work, PATIENCE, line -> {
            if (line.startsWith("I: ") && !line.contains(work.toString())) {
                progress.note(line.substring(3));
            }
        });
    }

    private static Optional<Path> program(String name) {
        return PLACES.stream().map(place -> place.resolve(name)).filter(Files::isExecutable).findFirst();
    }
}
