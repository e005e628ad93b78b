package dev.tinydocker.shell;

import dev.tinydocker.explain.Anatomies;
import dev.tinydocker.explain.Anatomy;
import dev.tinydocker.explain.Differences;
import dev.tinydocker.explain.Subject;
import dev.tinydocker.explain.Subjects;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Nearest;
import dev.tinydocker.problem.NotFound;
import org.springframework.stereotype.Component;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code explain}: what a container is made of, or what one of these things is. */
@Component
final class ExplainCommand extends ShellCommand {

    private static final OptionSpec DIFF = OptionSpec.value("diff", "CONTAINER",
            "beside another container, or beside the host").offering(Candidates.CONTAINER_OR_HOST);
    private static final OptionSpec JSON = OptionSpec.flag("json", "all of it, as JSON");
    private static final String HOST = "host";
    private static final int ID = 12;

    private final Anatomies anatomies;
    private final Subjects subjects;

    ExplainCommand(Anatomies anatomies, Subjects subjects) {
        super(Usage.of(Usage.CONTAINERS, "explain", "Take a container apart, or explain a subject: cgroup, overlay, …")
                .takes(0, 2, "CONTAINER | SUBJECT [CONTAINER]", Candidates.EXPLAINED).options(DIFF, JSON)
                .example("explain web --diff host"));
        this.anatomies = anatomies;
        this.subjects = subjects;
    }

    @Override
    int execute(Invocation invocation) {
        PrintStream out = invocation.out();
        boolean ofContainer = invocation.flag(JSON) || invocation.value(DIFF).isPresent();
        if (invocation.arguments().isEmpty()) {
            if (ofContainer) {
                throw new InvalidRequest("explain a container", "none is named",
                        "name one, as in 'explain web --diff host'");
            }
            out.print(SubjectText.list(subjects.all()));
            return 0;
        }
        Optional<String> inTwo = inTwoWords(invocation.arguments());
        String word = inTwo.orElseGet(() -> invocation.argument(0));
        boolean alone = inTwo.isPresent() || invocation.arguments().size() == 1;
        Optional<Subject> subject = subjects.find(word);
        // A container may have been given a subject's word for its name.
        Optional<String> namesake = subject.filter(_ -> alone).flatMap(_ -> anatomies.named(word));
        if (subject.isPresent() && (!ofContainer || namesake.isEmpty())) {
            if (ofContainer) {
                throw new InvalidRequest("explain '" + word + "'", "it is a subject, and --json and --diff are for"
                        + " containers", "name a container, a page takes no option");
            }
            String container = alone ? "" : invocation.argument(1);
            boolean runs = container.isEmpty() || anatomies.of(container).running();
            Session.Tty tty = invocation.session().tty();
            out.print(SubjectText.of(subject.get(), container, runs, tty.out() ? tty.columns() : 0));
            namesake.ifPresent(id -> out.println("'" + word + "' is a container too: explain " + id.substring(0, ID)));
            return 0;
        }
        if (!alone) {
            throw new InvalidRequest("explain '" + word + "'", "there is no such subject", nearest(word));
        }
        Anatomy anatomy = anatomy(word);
        Optional<Anatomy> other = invocation.value(DIFF)
                .map(name -> name.equals(HOST) ? anatomy(name) : anatomies.of(name));
        if (invocation.flag(JSON)) {
            out.println(Json.lines(other.<Object>map(second -> Differences.between(anatomy, second)).orElse(anatomy)));
        } else {
            Session.Tty tty = invocation.session().tty();
            String page = other.map(second -> DifferenceText.of(head(anatomy), head(second),
                    Differences.between(anatomy, second))).orElseGet(() -> AnatomyText.of(anatomy));
            out.print(Page.fitted(page, tty.out() ? tty.columns() : 0));
        }
        return 0;
    }

    /** A subject as two words, {@code pid namespace}, where the second is no container. */
    private Optional<String> inTwoWords(List<String> words) {
        return words.size() == 2 ? Optional.of(String.join(" ", words)).filter(both -> subjects.find(both).isPresent()
                && anatomies.named(words.getLast()).isEmpty()) : Optional.empty();
    }

    private static String head(Anatomy anatomy) {
        return anatomy.id().isEmpty() ? "this host" : anatomy.name() + (anatomy.running() ? "" : " (its record)");
    }

    private Anatomy anatomy(String word) {
        try {
            return anatomies.of(word);
        } catch (NotFound e) {
            if (word.equals(HOST)) {
                return anatomies.host();
            }
            throw new NotFound("explain '" + word + "'", "there is no subject and no container of that name",
                    nearest(word), e);
        }
    }

    private String nearest(String word) {
        List<String> near = Stream.concat(Nearest.to(word, anatomies.names()).stream(), subjects.near(word).stream())
                .distinct().toList();
        return near.isEmpty() ? "'explain' alone lists the subjects, 'ps -a' the containers"
                : "did you mean '" + String.join("', '", near).replaceFirst(", ('[^']*)$", " or $1") + "'?";
    }
}
