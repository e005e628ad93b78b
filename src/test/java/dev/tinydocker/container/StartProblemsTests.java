package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.StepFailure;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class StartProblemsTests {

    private static Problem written(String file, int errno) {
        return StartProblems.of("start 'web'", List.of(new ShimStep.Write(Path.of(file), "exec mine", "why")),
                new StepFailure(0, errno, ""));
    }

    @Test
    void aProfileThatIsNotLoadedAnyMoreIsNamedWithWhatToDo() {
        for (String file : List.of("exec", "current")) {
            assertThat(written("/proc/self/attr/apparmor/" + file, Errno.ENOENT)).isInstanceOf(NotFound.class)
                    .extracting(Problem::line).asString().startsWith("cannot start 'web': write exec mine to ")
                    .contains("ENOENT", "load it with apparmor_parser");
        }
        assertThat(written("/proc/self/attr/apparmor/exec", Errno.EINVAL)).isInstanceOf(SystemFailure.class);
    }

    @Test
    void aLabelThatThePolicyDoesNotHaveIsTheUsers() {
        assertThat(written("/proc/self/attr/exec", Errno.EINVAL)).isInstanceOf(InvalidRequest.class);
        assertThat(written("/proc/self/attr/exec", Errno.ENOENT)).isInstanceOf(SystemFailure.class);
    }
}
