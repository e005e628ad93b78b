package dev.tinydocker.container;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.StepFailure;

import java.util.List;
import java.util.Locale;

/** Says what a failed step means to the user. */
final class StartProblems {

    private StartProblems() {
    }

    /** The kind of step that failed, as docs/wire.md calls it: {@code mount_in}. */
    static String step(List<ShimStep> plan, StepFailure failure) {
        return failure.index() >= plan.size() ? "shim" : plan.get(failure.index()).getClass().getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    static Problem of(String what, List<ShimStep> plan, StepFailure failure) {
        if (failure.index() >= plan.size()) {
            return new SystemFailure(what, failure.reason(), "");
        }
        ShimStep step = plan.get(failure.index());
        return switch (step) {
            case ShimStep.Exec exec -> new CannotExecute(what,
                    "execute '" + exec.argv().getFirst() + "': " + failure.reason(),
                    failure.errno() == Errno.ENOENT ? "name a command that is in the image, or give its whole path"
                            : "",
                    failure.errno() == Errno.ENOENT);
            case ShimStep.Credentials _ -> new InvalidRequest(what, failure.reason(),
                    "give a user that the image has, or numbers");
            case ShimStep.Chdir chdir -> new CannotExecute(what, chdir.what() + ": " + failure.reason(), "", false);
            default -> new SystemFailure(what, step.what() + ": " + failure.reason(), "");
        };
    }
}
