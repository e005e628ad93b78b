package dev.tinydocker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SecurityServiceTests {

    @TempDir
    Path cpus;

    @Test
    void capabilitiesAreDockersFourteen() {
        assertThat(new SecurityService(cpus).credentials(null, SecurityWish.DEFAULT))
                .containsExactly(new ShimStep.Credentials(0xa80425fbL, 0xa80425fbL, 0, ""));
        assertThat(new SecurityService(cpus).credentials("1000:100", SecurityWish.DEFAULT))
                .containsExactly(new ShimStep.Credentials(0xa80425fbL, 0xa80425fbL, 0, "1000:100"));
    }

    @Test
    void whatTellsOfTheHostIsMaskedAndWhatChangesItIsReadOnly() {
        List<ShimStep> masks = new SecurityService(cpus).masks(SecurityWish.DEFAULT);
        assertThat(masks).contains(new ShimStep.Mask("/proc/kcore"), new ShimStep.Mask("/sys/firmware"),
                new ShimStep.Readonly("/proc/sys"), new ShimStep.Readonly("/proc/sysrq-trigger"));
        assertThat(masks).filteredOn(ShimStep.Mask.class::isInstance).hasSize(12);
        assertThat(masks).filteredOn(ShimStep.Readonly.class::isInstance).hasSize(5);
    }

    @Test
    void throttleCountersAreMaskedOnCpusThatHaveThem() throws IOException {
        Files.createDirectories(cpus.resolve("cpu1/thermal_throttle"));
        Files.createDirectories(cpus.resolve("cpu0"));
        Files.createDirectories(cpus.resolve("cpufreq/thermal_throttle"));

        assertThat(new SecurityService(cpus).masks(SecurityWish.DEFAULT)).filteredOn(step -> step.what().contains("thermal"))
                .containsExactly(new ShimStep.Mask("/sys/devices/system/cpu/cpu1/thermal_throttle"));
    }

    @Test
    void aPrivilegedContainerSeesAndWritesAll() {
        SecurityService service = new SecurityService(cpus);
        SecurityWish privileged = new SecurityWish(true, List.of(), List.of("ALL"));
        ShimStep proc = mount("/proc", MountFlags.MS_NODEV);
        List<ShimStep> mounts = List.of(proc, mount("/sys", MountFlags.MS_NODEV | MountFlags.MS_RDONLY),
                mount("/sys/fs/cgroup", MountFlags.MS_REMOUNT | MountFlags.MS_RDONLY));

        assertThat(service.masks(privileged)).isEmpty();
        assertThat(service.system(mounts, SecurityWish.DEFAULT)).isEqualTo(mounts);
        assertThat(service.system(mounts, privileged)).hasSize(2).contains(proc).last()
                .isInstanceOfSatisfying(ShimStep.MountIn.class,
                        sys -> assertThat(sys.flags()).isEqualTo(MountFlags.MS_NODEV));
        assertThat(service.warnings(List.of(), privileged)).singleElement().asString().contains("--privileged");
        assertThat(service.warnings(List.of(), SecurityWish.DEFAULT)).isEmpty();
    }

    private static ShimStep mount(String target, long flags) {
        return new ShimStep.MountIn(flags, MountPoint.EXISTING, "none", target, "sysfs", "", "why");
    }

    @Test
    void limitsCarryTheKernelsNumbers() {
        assertThat(new SecurityService(cpus).limits(List.of(new ResourceLimit("nofile", 1024, 4096),
                new ResourceLimit("core", -1, -1)))).containsExactly(new ShimStep.Rlimit(7, 1024, 4096, "nofile"),
                        new ShimStep.Rlimit(4, -1, -1, "core"));
    }

    @ParameterizedTest
    @CsvSource({ "nofile=1024,nofile,1024,1024", "nproc=10:20,nproc,10,20", "core=-1,core,-1,-1",
            "rttime=5:unlimited,rttime,5,-1", "memlock=0:-1,memlock,0,-1" })
    void aLimitIsSoftAndHard(String word, String name, long soft, long hard) {
        assertThat(ResourceLimitParser.parse(word)).isEqualTo(new ResourceLimit(name, soft, hard));
    }

    @ParameterizedTest
    @ValueSource(strings = { "nofile", "=5", "nofile=", "nofile=x", "nofile=1:2:3", "nofile=20:10", "nofile=-1:10",
            "files=10", "nofile=-2", "nofile=99999999999999999999" })
    void aLimitThatMakesNoSenseIsRefused(String word) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> ResourceLimitParser.parse(word))
                .satisfies(problem -> assertThat(problem.line()).contains("'" + word + "' for --ulimit")
                        .contains("; "));
    }
}
