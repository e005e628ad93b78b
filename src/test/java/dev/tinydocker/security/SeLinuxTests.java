package dev.tinydocker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.HostLacks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

class SeLinuxTests {

    /** As Fedora's policy has it, selinux_lxc_contexts_path(3). */
    private static final String CONTEXTS = """
            process = "system_u:system_r:container_t:s0"
            content = "system_u:object_r:virt_var_lib_t:s0"
            file = "system_u:object_r:container_file_t:s0"
            ro_file="system_u:object_r:container_ro_file_t:s0"
            """;
    private static final String ID = "00000405" + "00000003" + "f".repeat(48);

    private static final String LAYERS = "system_u:object_r:container_ro_file_t:s0";

    private final SeLinux on = new SeLinux(CONTEXTS, true);

    private static SecurityWish with(String... words) {
        SecurityWish wish = SecurityWish.DEFAULT;
        for (String word : words) {
            wish = SecurityOption.apply(wish, word, Path::of);
        }
        return wish;
    }

    @Test
    void aContainerHasThePolicysTypesAndALevelOfItsOwn() {
        Labels labels = on.labels(SecurityWish.DEFAULT, ID);
        assertThat(labels.process()).isEqualTo("system_u:system_r:container_t:s0:c3,c5");
        assertThat(labels.files()).isEqualTo("system_u:object_r:container_file_t:s0:c3,c5");
        assertThat(labels.layers()).isEqualTo(LAYERS);
        assertThat(labels.shared()).isEqualTo("system_u:object_r:container_file_t:s0");
        assertThat(on.labels(SecurityWish.DEFAULT, "00000005" + "00000005" + ID.substring(16)).process())
                .as("never one category twice").endsWith(":s0:c5,c6");
        assertThat(new SeLinux("process = \"u:r:t\"\nfile = \"u:o:f\"\n", true).labels(SecurityWish.DEFAULT, ID))
                .as("a policy without levels").isEqualTo(new Labels("u:r:t", "u:o:f", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "type:spc_t              | system_u:system_r:spc_t:s0:c3,c5       | system_u:object_r:container_file_t:s0:c3,c5",
            "role:r                  | system_u:r:container_t:s0:c3,c5        | system_u:object_r:container_file_t:s0:c3,c5",
            "user:u                  | u:system_r:container_t:s0:c3,c5        | u:object_r:container_file_t:s0:c3,c5",
            "level:s0:c100,c200      | system_u:system_r:container_t:s0:c100,c200 | system_u:object_r:container_file_t:s0:c100,c200",
            "filetype:svirt_home_t   | system_u:system_r:container_t:s0:c3,c5 | system_u:object_r:svirt_home_t:s0:c3,c5" })
    void eachPartCanBeAskedForAsWithDocker(String word, String process, String files) {
        SecurityWish wish = with("label=" + word);
        assertThat(on.labels(wish, ID)).isEqualTo(new Labels(process, files, LAYERS));
        assertThat(wish.options()).containsExactly("label=" + word);
        assertThatExceptionOfType(HostLacks.class).isThrownBy(() -> SeLinux.OFF.check(wish.modulesOrDefault().labels()))
                .satisfies(problem -> assertThat(problem.line()).startsWith("cannot use the label '" + word + "': "));
    }

    @Test
    void thereAreNoneWhereTheyAreNotWantedOrNobodyKeepsToThem() {
        SecurityWish privileged = new SecurityWish(true, List.of(), List.of(), null, null, List.of(), null);
        assertThat(on.labels(with("label=disable"), ID)).isEqualTo(Labels.NONE);
        assertThat(on.labels(privileged, ID)).isEqualTo(Labels.NONE);
        assertThat(SeLinux.OFF.labels(SecurityWish.DEFAULT, ID)).isEqualTo(Labels.NONE);
        SeLinux.OFF.check(List.of(SeLinux.DISABLE));
    }

    @Test
    void landlockKeepsTheContainerInWhereSelinuxOnlyTells() {
        assertThat(new SecurityModuleWalls(false, 6, on).late(SecurityWish.DEFAULT, false, false)).isNull();
        assertThat(new SecurityModuleWalls(false, 6, on).late(with("label=disable"), false, false)).isNotNull();
        assertThat(new SecurityModuleWalls(false, 6, new SeLinux(CONTEXTS, false)).late(SecurityWish.DEFAULT, false, false))
                .isNotNull();
    }

    @Test
    void whatIsMountedForTheContainerAloneHasItsLabelAndItsProgramTheOther() {
        Labels labels = on.labels(SecurityWish.DEFAULT, ID);
        assertThat(new SecurityModuleWalls(false, 6, on).early(SecurityWish.DEFAULT, false, ID)).containsExactly(
                new ShimStep.Write(Path.of("/proc/thread-self/attr/exec"), "system_u:system_r:container_t:s0:c3,c5",
                        "so that SELinux confines the program"));
        ShimStep overlay = new ShimStep.Mount(4, "overlay", "/m", "overlay", "lowerdir=/l", "why");
        ShimStep queue = in("mqueue", "");
        List<ShimStep> steps = SeLinux.mounts(List.of(overlay, in("tmpfs", ""), in("proc", ""), queue), labels);
        String context = "context=\"system_u:object_r:container_file_t:s0:c3,c5\"";
        assertThat(steps).containsExactly(new ShimStep.Mount(4, "overlay", "/m", "overlay", "lowerdir=/l," + context, "why"),
                in("tmpfs", context), in("proc", ""), queue);
        assertThat(SeLinux.mounts(List.of(overlay), Labels.NONE)).containsExactly(overlay);
    }

    @Test
    void whatTheEngineMakesForItHasItsLabelToo() {
        HostStep file = HostStep.WriteFile.text(Path.of("/run/hosts"), "", "why");
        assertThat(SeLinux.made(List.of(file), on.labels(SecurityWish.DEFAULT, ID))).hasSize(2).last()
                .isInstanceOfSatisfying(HostStep.Label.class, label -> {
                    assertThat(label.path()).isEqualTo(Path.of("/run/hosts"));
                    assertThat(label.label()).endsWith(":container_file_t:s0:c3,c5");
                });
        assertThat(SeLinux.made(List.of(file), Labels.NONE)).containsExactly(file);
    }

    private static ShimStep in(String type, String data) {
        return new ShimStep.MountIn(0, MountPoint.DIRECTORY, type, "/t", type, data, "why");
    }
}
