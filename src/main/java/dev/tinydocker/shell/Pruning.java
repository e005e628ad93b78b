package dev.tinydocker.shell;

import dev.tinydocker.container.Housekeeping;
import dev.tinydocker.problem.InvalidRequest;

import java.util.List;

/** What the commands that prune have in common: they ask first, and say what went. */
final class Pruning {

    static final OptionSpec FORCE = OptionSpec.flag('f', "force", "do not ask");

    static final String NETWORKS = "Deleted Networks:";
    static final String VOLUMES = "Deleted Volumes:";

    private Pruning() {
    }

    /**
     * Whether what cannot be had back is to go: with {@link #FORCE}, or after a yes.
     *
     * @param object what goes, for the refusal where nobody can be asked
     * @return false where the answer is anything but yes
     */
    static boolean isMeant(Invocation invocation, String object, String warning) {
        if (invocation.flag(FORCE)) {
            return true;
        }
        Session session = invocation.session();
        if (!Question.canAsk(session)) {
            throw new InvalidRequest("prune " + object, "what goes cannot be had back", "-f says that it is meant");
        }
        String answer = Question.line(session, warning + "\nAre you sure you want to continue? [y/N] ").strip();
        return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
    }

    /** What went, under headings, and what that gives back. */
    static void print(Invocation invocation, Housekeeping.Pruned pruned) {
        print(invocation, "Deleted Containers:", pruned.containers());
        print(invocation, NETWORKS, pruned.networks());
        print(invocation, VOLUMES, pruned.volumes());
        print(invocation, "Deleted Images:", pruned.images().stream()
                .map(line -> Character.toLowerCase(line.charAt(0)) + line.substring(1)).toList());
        print(invocation, "Deleted Root File Systems:", pruned.roots());
        printSpace(invocation, pruned.bytes());
    }

    /** Lines under their heading, where there are any. */
    static void print(Invocation invocation, String heading, List<String> lines) {
        if (!lines.isEmpty()) {
            invocation.out().println(heading);
            lines.forEach(invocation.out()::println);
            invocation.out().println();
        }
    }

    static void printSpace(Invocation invocation, long bytes) {
        invocation.out().println("Total reclaimed space: " + Sizes.of(bytes));
    }
}
