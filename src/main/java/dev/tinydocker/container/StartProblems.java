package dev.tinydocker.container;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.StepFailure;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/** Says what a failed step means to the user. */
final class StartProblems {

    private static final Path LABEL = Path.of("attr/exec");
    private static final List<Path> PROFILES = List.of(Path.of("attr/apparmor/exec"), Path.of("attr/apparmor/current"));

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
            // The shim's detail names the number.
            case ShimStep.Credentials _ when failure.errno() == Errno.EINVAL -> new InvalidRequest(what,
                    failure.detail(), "give a number that its user namespace has" + (isFurther(plan)
                            ? "; what is run with --userns=host has all of them" : ", or --userns=host"));
            case ShimStep.Credentials _ -> new InvalidRequest(what, failure.reason(),
                    "give a user that the image has, or numbers");
            case ShimStep.Chdir chdir -> new CannotExecute(what, chdir.what() + ": " + failure.reason(), "",
                    failure.errno() == Errno.ENOENT);
            case ShimStep.Write write when write.path().endsWith(LABEL) && failure.errno() == Errno.EINVAL ->
                    new InvalidRequest(what, step.what() + ": " + failure.reason(),
                            "SELinux's policy has no such label; choose another --security-opt label=…, or label=disable");
            case ShimStep.Write write when PROFILES.stream().anyMatch(write.path()::endsWith)
                    && failure.errno() == Errno.ENOENT -> new NotFound(what, step.what() + ": " + failure.reason(),
                            "AppArmor has no such profile loaded any more: load it with apparmor_parser; tiny-docker's "
                                    + "own is loaded by the next attempt");
            default -> new SystemFailure(what, step.what() + ": " + failure.reason(), "");
        };
    }

    /** A problem that is one, or lies behind what a future ended with; anything else is the system's failure. */
    static Problem of(String what, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        Throwable behind = cause == null ? failure : cause;
        return behind instanceof Problem problem ? problem
                : new SystemFailure(what, FileFailures.reasonWithFile(behind), "", behind);
    }

    /** Whether it is the plan of a process in a container that runs already. */
    private static boolean isFurther(List<ShimStep> plan) {
        return plan.stream().anyMatch(ShimStep.Join.class::isInstance);
    }
}
