package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.explain.Subjects;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.lesson.Course;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.network.Network;
import dev.tinydocker.network.Networks;
import dev.tinydocker.rootfs.RootfsService;
import dev.tinydocker.volume.NamedVolumes;
import dev.tinydocker.volume.Volume;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.shell.core.command.Command;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * {@code __complete WORD...}, for shells: prints what the last word could become, a line each: the word, a tab,
 * {@code 1} where it ends there, a tab, and what it is. For one whose files are on another host, with
 * {@code --elsewhere}: instead of their names the beginning of the word that stays, a tab, and {@code file} or
 * {@code directory}.
 */
@Component
final class CompleteCommand extends ShellCommand {

    /** What to put before the words of the line to be completed. */
    static final String NAME = "__complete";

    /** What to put before the words where the user's files are elsewhere. */
    static final OptionSpec ELSEWHERE = OptionSpec.flag("elsewhere", "say which kind of files, and not which");
    private static final String FILES = "file";
    private static final String DIRECTORIES = "directory";
    private static final int LAST_NAMED_SIGNAL = 31;

    private final ContainerService containers;
    private final Supplier<List<String>> images;
    private final Supplier<List<String>> catalogue;
    private final Supplier<List<String>> networks;
    private final Supplier<List<Candidate>> subjects;
    private final Supplier<List<String>> volumes;
    private final Clock clock;

    @Autowired
    CompleteCommand(ContainerService containers, RootfsService rootfs, ImageService images, Networks networks,
            NamedVolumes volumes, Subjects subjects, Clock clock) {
        this(containers, () -> Stream.concat(images.list().stream().flatMap(image -> image.tags().stream()),
                rootfs.names().stream()).distinct().toList(), rootfs::names,
                () -> networks.list().stream().map(Network::name).toList(),
                () -> volumes.list().stream().map(Volume::name).toList(), () -> subjects.all().stream()
                        .map(subject -> new Candidate(subject.name(), subject.title(), true)).toList(), clock);
    }

    CompleteCommand(ContainerService containers, Supplier<List<String>> images, Supplier<List<String>> catalogue,
            Supplier<List<String>> networks, Supplier<List<String>> volumes, Supplier<List<Candidate>> subjects,
            Clock clock) {
        super(Usage.of("", NAME, "Offer what a word of a command line could become")
                .takes(0, Usage.MANY, "WORD...", Candidates.NOTHING).options(ELSEWHERE).optionsComeFirst());
        this.containers = containers;
        this.images = images;
        this.catalogue = catalogue;
        this.networks = networks;
        this.subjects = subjects;
        this.volumes = volumes;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        CompletionPoint point = CompletionPoint.of(invocation.arguments(), invocation.registry());
        Stream<Candidate> all = Stream.concat(point.words().stream(), values(point, invocation));
        point.fitting(all).forEach(invocation.out()::println);
        boolean wanted = point.values() == Candidates.FILE || point.values() == Candidates.DIRECTORY
                || point.values() == Candidates.COPY;
        if (wanted && invocation.flag(ELSEWHERE)) {
            String kind = point.values() == Candidates.DIRECTORY ? DIRECTORIES : FILES;
            invocation.out().println(point.kept() + "\t" + kind + "\t");
        }
        return 0;
    }

    /**
     * What a line stands for that was printed where the files are elsewhere: itself, or files of this host.
     *
     * @param word the one that is completed
     * @param directory what relative paths start from
     */
    static Stream<String> here(String line, String word, Path directory) {
        String[] fields = line.split("\t", 3);
        if (fields.length < 2 || !fields[1].equals(FILES) && !fields[1].equals(DIRECTORIES)) {
            return Stream.of(line);
        }
        String partial = word.substring(Math.min(fields[0].length(), word.length()));
        return new CompletionPoint(List.of(), Candidates.NOTHING, fields[0], partial, Set.of())
                .fitting(FileCandidates.of(partial, directory, fields[1].equals(DIRECTORIES)).stream());
    }

    private static Stream<Candidate> files(CompletionPoint point, Invocation invocation, boolean directories) {
        return invocation.flag(ELSEWHERE) ? Stream.empty()
                : FileCandidates.of(point.partial(), invocation.session().directory(), directories).stream();
    }

    private Stream<Candidate> values(CompletionPoint point, Invocation invocation) {
        return switch (point.values()) {
            case NOTHING -> Stream.empty();
            case COMMAND -> commands(invocation.registry().getCommands());
            case CONTAINER -> containers(point, containers.list().stream());
            case COPY -> Stream.concat(containers.list().stream().map(container -> new Candidate(container.name() + ":",
                    PsRow.status(container, clock), false)),
                    files(point, invocation, false));
            case RUNNING_CONTAINER -> containers(point, containers.list().stream()
                    .filter(container -> container.state().isAlive()));
            case EXPLAINED -> point.given().isEmpty() ? Stream.concat(subjects.get().stream(),
                    containers(point, containers.list().stream())) : containers(point, containers.list().stream());
            case CONTAINER_OR_HOST -> Stream.concat(containers(point, containers.list().stream()),
                    Stream.of(new Candidate("host", "this host", true)));
            case IMAGE_OR_CONTAINER -> Stream.concat(words(images.get().stream()),
                    containers(point, containers.list().stream()));
            case IMAGE -> words(images.get().stream());
            case ROOTFS -> words(catalogue.get().stream());
            case FILE -> files(point, invocation, false);
            case DIRECTORY -> files(point, invocation, true);
            case DEVICE -> FileCandidates.of(point.partial(), invocation.session().directory(), false).stream();
            case SIGNAL -> words(IntStream.rangeClosed(1, LAST_NAMED_SIGNAL).mapToObj(Signal::name)
                    .map(name -> name.substring(3)));
            case NETWORK -> words(networks.get().stream());
            case NETWORK_AND_CONTAINER -> point.given().isEmpty() ? words(networks.get().stream())
                    : containers(point, containers.list().stream());
            case NETWORK_DRIVER -> words(Stream.of("bridge", "macvlan", "none"));
            case VOLUME -> words(volumes.get().stream());
            case LESSON -> Course.lessons().stream().map(lesson -> new Candidate(Integer.toString(lesson.number()),
                    lesson.title(), true));
            case LANGUAGE -> words(Stream.of("shell"));
            case PULL_POLICY -> words(Stream.of("always", "missing", "never"));
        };
    }

    private static Stream<Candidate> words(Stream<String> words) {
        return words.map(word -> new Candidate(word, "", true));
    }

    /** The first words of all commands. */
    static Stream<Candidate> commands(Collection<Command> commands) {
        return commands.stream().filter(command -> !command.getGroup().isEmpty()).map(command -> {
            String[] words = command.getName().split(" ");
            return new Candidate(words[0], words.length == 1 ? command.getDescription() : "", true);
        }).distinct().sorted(Comparator.comparing(Candidate::value));
    }

    /** Names; ids only for one who has begun to type one. */
    private Stream<Candidate> containers(CompletionPoint point, Stream<Container> all) {
        return all.filter(container -> !point.given().contains(container.name())).flatMap(container -> {
            String status = PsRow.status(container, clock);
            Candidate name = new Candidate(container.name(), status, true);
            boolean id = !point.partial().isEmpty() && container.id().startsWith(point.partial());
            return id ? Stream.of(name, new Candidate(container.shortId(), container.name() + ", " + status, true))
                    : Stream.of(name);
        });
    }
}
