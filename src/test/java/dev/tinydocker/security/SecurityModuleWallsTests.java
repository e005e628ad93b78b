package dev.tinydocker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

class SecurityModuleWallsTests {

    private static final SecurityWish PRIVILEGED = new SecurityWish(true, List.of(), List.of(), null, null, List.of(),
            null);

    private static SecurityWish with(String... words) {
        SecurityWish wish = SecurityWish.DEFAULT;
        for (String word : words) {
            wish = SecurityOption.apply(wish, word, Path::of);
        }
        return wish;
    }

    private static ShimStep late(int version, SecurityWish wish, boolean mounts, boolean hostNetwork) {
        return new SecurityModuleWalls(false, version, SeLinux.OFF).late(wish, mounts, hostNetwork);
    }

    /** LANDLOCK_ACCESS_FS_… of the kernel that has this version of Landlock, {@code linux/landlock.h}. */
    @ParameterizedTest
    @CsvSource({ "2, 0x3fff", "3, 0x7fff", "4, 0x7fff", "5, 0xffff", "6, 0xffff", "9, 0xffff" })
    void whatThisKernelsLandlockKnowsIsHandled(int version, String access) {
        assertThat(late(version, SecurityWish.DEFAULT, false, false))
                .isEqualTo(new ShimStep.Landlock(Long.decode(access), 0, "/dev/mqueue"));
    }

    @Test
    void withTheHostsNetworkAbstractSocketsOfOthersAreOutOfReach() {
        assertThat(late(6, SecurityWish.DEFAULT, false, true))
                .isEqualTo(new ShimStep.Landlock(0xffff, 1, "/dev/mqueue"));
        assertThat(late(5, SecurityWish.DEFAULT, false, true))
                .isEqualTo(new ShimStep.Landlock(0xffff, 0, "/dev/mqueue"));
    }

    @Test
    void whoMayMountIsNotKeptFromIt() {
        assertThat(late(6, SecurityWish.DEFAULT, true, false)).isNull();
        assertThat(late(6, SecurityWish.DEFAULT, true, true)).isEqualTo(new ShimStep.Landlock(0, 1, "/dev/mqueue"));
    }

    @Test
    void thereIsNoneWhereItIsNotWantedOrCannotBe() {
        assertThat(late(1, SecurityWish.DEFAULT, false, true)).isNull();
        assertThat(late(6, PRIVILEGED, false, true)).isNull();
        assertThat(late(6, with("landlock=unconfined"), false, true)).isNull();
        assertThat(late(6, with("apparmor=unconfined"), false, true)).isNull();
        assertThat(late(6, with("label=disable"), false, true)).isNotNull();
    }

    @Test
    void aProfileThatIsNamedIsWrittenWhereTheHostsFilesAreInSight() {
        SecurityModuleWalls walls = new SecurityModuleWalls(false, 6, SeLinux.OFF);
        assertThat(walls.early(with("apparmor=mine"), false, "")).singleElement().isInstanceOfSatisfying(
                ShimStep.Write.class, write -> {
                    assertThat(write.path()).isEqualTo(Path.of("/proc/self/attr/apparmor/exec"));
                    assertThat(write.content()).isEqualTo("exec mine");
                });
        assertThat(walls.late(with("apparmor=mine"), false, true)).isNull();
        assertThat(walls.early(SecurityWish.DEFAULT, false, "")).isEmpty();
        assertThat(walls.early(with("apparmor=unconfined"), false, "")).isEmpty();
        assertThat(walls.profile(PRIVILEGED, true)).isEmpty();
    }

    @Test
    void aProcessThatExecutesNothingTakesTheProfileAtOnce() {
        SecurityModuleWalls walls = new SecurityModuleWalls(false, 6, SeLinux.OFF);
        assertThat(walls.staying(with("apparmor=mine"), false)).get().isInstanceOfSatisfying(ShimStep.Write.class,
                write -> {
                    assertThat(write.path()).isEqualTo(Path.of("/proc/self/attr/apparmor/current"));
                    assertThat(write.content()).isEqualTo("changeprofile mine");
                });
        assertThat(walls.staying(with("apparmor=unconfined"), false)).isEmpty();
    }

    @Test
    void bothProfilesAreNamedByWhatTheySay() {
        assertThat(AppArmor.name(false)).matches("tiny-docker-[0-9a-f]{8}").isNotEqualTo(AppArmor.name(true));
        assertThat(AppArmor.text(false)).startsWith("profile " + AppArmor.name(false) + " ").contains("deny mount,");
        assertThat(AppArmor.text(true)).doesNotContain("deny mount,").contains("  mount,", "deny network alg,");
    }

    @Test
    void wishesAreToldInTheWordsTheyCameIn() {
        assertThat(with("landlock=unconfined", "apparmor=mine").options())
                .containsExactly("apparmor=mine", "landlock=unconfined");
        assertThat(SecurityWish.DEFAULT.options()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "apparmor=", "apparmor", "apparmor=a b", "apparmor=a\nb", "landlock", "landlock=on",
            "label=type", "label=kind:x", "label=type:a,b", "label=level:s0\"", "label" })
    void whatMakesNoSenseIsRefused(String word) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> with(word));
    }
}
