package dev.tinydocker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.linux.Privileges;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.store.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class SecurityServiceTests {

    private static final SecurityWish PRIVILEGED = new SecurityWish(true, List.of(), List.of(), null, null, List.of(),
            null);
    private static final SecurityModuleWalls NO_MODULES = new SecurityModuleWalls(false, 0, SeLinux.OFF);

    @TempDir
    Path cpus;
    @TempDir
    Path data;

    @Test
    void capabilitiesAreDockersFourteen() {
        assertThat(service().process(null, SecurityWish.DEFAULT, false))
                .contains(new ShimStep.Credentials(0xa80425fbL, 0xa80425fbL, 0, ""));
        assertThat(service().process("1000:100", SecurityWish.DEFAULT, false))
                .contains(new ShimStep.Credentials(0xa80425fbL, 0xa80425fbL, 0, "1000:100"));
    }

    @Test
    void whatTellsOfTheHostIsMaskedAndWhatChangesItIsReadOnly() {
        List<ShimStep> masks = service().masks(SecurityWish.DEFAULT);
        assertThat(masks).contains(new ShimStep.Mask("/proc/kcore"), new ShimStep.Mask("/sys/firmware"),
                new ShimStep.Readonly("/proc/sys"), new ShimStep.Readonly("/proc/sysrq-trigger"));
        assertThat(masks).filteredOn(ShimStep.Mask.class::isInstance).hasSize(14);
        assertThat(masks).filteredOn(ShimStep.Readonly.class::isInstance).hasSize(5);
    }

    @Test
    void throttleCountersAreMaskedOnCpusThatHaveThem() throws IOException {
        Files.createDirectories(cpus.resolve("cpu1/thermal_throttle"));
        Files.createDirectories(cpus.resolve("cpu0"));
        Files.createDirectories(cpus.resolve("cpufreq/thermal_throttle"));

        assertThat(service().masks(SecurityWish.DEFAULT)).filteredOn(step -> step.what().contains("thermal"))
                .containsExactly(new ShimStep.Mask("/sys/devices/system/cpu/cpu1/thermal_throttle"));
    }

    @Test
    void aPrivilegedContainerSeesAndWritesAll() {
        SecurityService service = service();
        SecurityWish privileged = new SecurityWish(true, List.of(), List.of("ALL"), null, null, List.of(), null);
        ShimStep proc = mount("/proc", MountFlags.MS_NODEV);
        List<ShimStep> mounts = List.of(proc, mount("/sys", MountFlags.MS_NODEV | MountFlags.MS_RDONLY),
                mount("/sys/fs/cgroup", MountFlags.MS_REMOUNT | MountFlags.MS_RDONLY));

        assertThat(service.masks(privileged)).isEmpty();
        assertThat(service.system(mounts, SecurityWish.DEFAULT)).isEqualTo(mounts);
        assertThat(service.system(mounts, privileged)).hasSize(2).contains(proc).last()
                .isInstanceOfSatisfying(ShimStep.MountIn.class,
                        sys -> assertThat(sys.flags()).isEqualTo(MountFlags.MS_NODEV));
        assertThat(service.warnings(List.of(), privileged)).satisfiesExactly(
                line -> assertThat(line).startsWith("--privileged gives up every wall"),
                line -> assertThat(line).startsWith("--cap-drop takes nothing away"));
        assertThat(service.warnings(List.of(), PRIVILEGED)).singleElement().asString().contains("--privileged");
        assertThat(service.warnings(List.of(), SecurityWish.DEFAULT)).isEmpty();
    }

    @Test
    void theOomScoreGoesAsFarDownAsThisHostLetsUsAndThatIsSaid() {
        SecurityService service = service();
        assertThat(service.oomScore(500)).isEqualTo(500);
        assertThat(service.oomWarnings(500)).isEmpty();
        assertThat(service.oomWarnings(0)).isEmpty();
        boolean may = Privileges.canRaiseHardLimits();
        assertThat(service.oomScore(-1000)).isEqualTo(may ? -1000 : Privileges.lowestOomScore());
        assertThat(service.oomWarnings(-1000)).hasSize(may ? 0 : 1);
    }

    @Test
    void theFilterComesLastUnlessAFileMayRaisePrivileges() {
        assertThat(kinds(SecurityWish.DEFAULT)).containsExactly("Credentials", "NoNewPrivs", "Seccomp");
        assertThat(kinds(SecurityWish.DEFAULT.withNoNewPrivileges(false))).containsExactly("Seccomp", "Credentials");
        assertThat(kinds(SecurityWish.DEFAULT.withSeccomp(SecurityWish.UNCONFINED)))
                .containsExactly("Credentials", "NoNewPrivs");
        assertThat(kinds(PRIVILEGED)).containsExactly("Credentials");
        assertThat(kinds(PRIVILEGED.withNoNewPrivileges(true))).containsExactly("Credentials", "NoNewPrivs");
    }

    @Test
    void aPrivilegedContainerHasTheFilterThatIsAskedFor() {
        SecurityWish builtin = SecurityOption.apply(PRIVILEGED, "seccomp=builtin", Path::of);
        assertThat(kinds(builtin)).containsExactly("Seccomp", "Credentials");
        assertThat(service().process(null, builtin, false)).first().isInstanceOfSatisfying(ShimStep.Seccomp.class,
                filter -> assertThat(filter.what()).contains("built-in"));
        assertThat(service().isFiltered(builtin)).isTrue();
        assertThat(service().isFiltered(SecurityOption.apply(builtin, "seccomp=unconfined", Path::of))).isFalse();
    }

    @Test
    void keysOfWhoStartedTheEngineStayThere() {
        assertThat(service().early(SecurityWish.DEFAULT, "")).containsExactly(new ShimStep.Keyring());
        assertThat(service().early(PRIVILEGED, "")).isEmpty();
    }

    private List<String> kinds(SecurityWish wish) {
        return service().process(null, wish, false).stream().map(step -> step.getClass().getSimpleName()).toList();
    }

    @Test
    void anImageCanSayThatItNeedsSetUidFiles() {
        Map<String, String> needs = Map.of(SecurityWish.LABEL, "false");
        assertThat(service().noNewPrivileges(SecurityWish.DEFAULT)).isTrue();
        assertThat(service().noNewPrivileges(SecurityWish.DEFAULT.on(Map.of(SecurityWish.LABEL, "maybe")))).isTrue();
        assertThat(service().noNewPrivileges(SecurityWish.DEFAULT.on(needs))).isFalse();
        assertThat(service().noNewPrivileges(SecurityWish.DEFAULT.withNoNewPrivileges(true).on(needs))).isTrue();
        assertThat(new SecurityService(cpus, filters(), false, NO_MODULES).noNewPrivileges(SecurityWish.DEFAULT)).isFalse();
    }

    @Test
    void pathsAreUnmaskedOneByOneOrAllAtOnce() {
        SecurityWish one = SecurityWish.DEFAULT.unmasking(List.of("/proc/acpi", "/proc/sys"));
        assertThat(service().maskedPaths(one)).hasSize(13).doesNotContain("/proc/acpi");
        assertThat(service().readOnlyPaths(one)).hasSize(4).doesNotContain("/proc/sys");
        assertThat(service().masks(SecurityWish.DEFAULT.unmasking(List.of(SecurityWish.ALL)))).isEmpty();
        SecurityWish many = SecurityWish.DEFAULT.unmasking(List.of("/proc/*"));
        assertThat(service().maskedPaths(many)).hasSize(4).allMatch(path -> path.startsWith("/sys/"));
        assertThat(service().readOnlyPaths(many)).isEmpty();
    }

    private SecurityService service() {
        return new SecurityService(cpus, filters(), true, NO_MODULES);
    }

    private SeccompFilters filters() {
        return new SeccompFilters(new Layout(data.resolve("run").toString(), data.resolve("data").toString(), "."));
    }

    private static ShimStep mount(String target, long flags) {
        return new ShimStep.MountIn(flags, MountPoint.EXISTING, "none", target, "sysfs", "", "why");
    }

    @Test
    void limitsCarryTheKernelsNumbers() {
        assertThat(service().limits(List.of(new ResourceLimit("nofile", 1024, 4096),
                new ResourceLimit("core", -1, -1)))).containsExactly(new ShimStep.Rlimit(7, 1024, 4096, "nofile"),
                        new ShimStep.Rlimit(4, -1, -1, "core"));
    }

    @Test
    void openFilesAreAsManyAsIsUsualWhereNobodySaysHowMany() {
        long own = Privileges.hardLimit(7);
        assertThat(service().limits(List.of(new ResourceLimit("core", 0, 0)))).containsExactly(
                new ShimStep.Rlimit(7, Math.min(1024, own), own, "nofile"), new ShimStep.Rlimit(4, 0, 0, "core"));
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
