package dev.tinydocker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import static dev.tinydocker.security.Capability.*;

class CapabilitiesTests {

    private static final Set<Capability> EVERY = EnumSet.allOf(Capability.class);

    @Test
    void numbersAreTheKernels() {
        assertThat(values()).hasSize(41);
        assertThat(Capability.mask(DEFAULT)).isEqualTo(0xa80425fbL);
        assertThat(Capability.mask(EVERY)).isEqualTo(0x1ffffffffffL);
        assertThat(Capability.of(0xa80425fbL)).isEqualTo(DEFAULT);
        assertThat(Capability.of(-1)).isEqualTo(EVERY);
    }

    @ParameterizedTest
    @CsvSource({ "SYS_ADMIN,CAP_SYS_ADMIN", "cap_sys_admin,CAP_SYS_ADMIN", "Sys_Time,CAP_SYS_TIME", "all,ALL" })
    void aNameIsWrittenInAnyWay(String word, String name) {
        assertThat(Capability.name("--cap-add", word)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({ "NET_ADMN,did you mean NET_ADMIN?", "cap_sys_adm,did you mean SYS_ADMIN?", "x,capabilities(7) lists them",
            "CAP_ALL,capabilities(7) lists them", "'',capabilities(7) lists them" })
    void anUnknownOneIsRefusedWithTheNearest(String word, String hint) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> Capability.name("--cap-drop", word))
                .satisfies(problem -> assertThat(problem.line())
                        .isEqualTo("cannot use '" + word + "' for --cap-drop: there is no such capability; " + hint));
    }

    @Test
    void whatIsDroppedGoesAndWhatIsAddedComesLast() {
        assertThat(root(List.of(), List.of("CAP_MKNOD", "CAP_SYS_TIME"))).hasSize(13).doesNotContain(CAP_MKNOD);
        assertThat(root(List.of("CAP_SYS_TIME"), List.of("CAP_MKNOD"))).hasSize(14)
                .contains(CAP_SYS_TIME).doesNotContain(CAP_MKNOD);
        assertThat(root(List.of("CAP_MKNOD"), List.of("CAP_MKNOD"))).contains(CAP_MKNOD);
        assertThat(root(List.of("CAP_MKNOD"), List.of("ALL"))).containsExactly(CAP_MKNOD);
        assertThat(root(List.of(), List.of("ALL"))).isEmpty();
        assertThat(root(List.of("ALL"), List.of("CAP_MKNOD"))).hasSize(40).doesNotContain(CAP_MKNOD);
        assertThat(root(List.of("ALL"), List.of("ALL"))).isEqualTo(EVERY);
    }

    @Test
    void anotherUserThanRootHasOnlyWhatWasNamed() {
        assertThat(of(List.of("CAP_NET_RAW", "CAP_SYS_TIME"), List.of()).others())
                .containsExactlyInAnyOrder(CAP_NET_RAW, CAP_SYS_TIME);
        assertThat(of(List.of("ALL"), List.of()).others()).isEmpty();
        assertThat(of(List.of("ALL", "CAP_MKNOD"), List.of("CAP_MKNOD")).others()).isEmpty();
        assertThat(Capabilities.of(wish(true, List.of("CAP_MKNOD"), List.of()), EVERY).others()).isEmpty();
    }

    @Test
    void whatTheEngineLacksCannotBeGiven() {
        Set<Capability> few = EnumSet.of(CAP_CHOWN, CAP_KILL);
        assertThat(Capabilities.of(SecurityWish.DEFAULT, few).root()).isEqualTo(few);
        assertThat(Capabilities.of(wish(true, List.of(), List.of()), few).root()).isEqualTo(few);
        assertThat(Capabilities.of(wish(false, List.of("ALL"), List.of()), few).root()).isEqualTo(few);
        assertThatExceptionOfType(HostLacks.class)
                .isThrownBy(() -> Capabilities.of(wish(false, List.of("CAP_BPF"), List.of()), few))
                .satisfies(problem -> assertThat(problem.line()).startsWith("cannot add the capability 'BPF': "));
    }

    private static Set<Capability> root(List<String> add, List<String> drop) {
        return of(add, drop).root();
    }

    private static Capabilities of(List<String> add, List<String> drop) {
        return Capabilities.of(wish(false, add, drop), Set.copyOf(Arrays.asList(values())));
    }

    private static SecurityWish wish(boolean privileged, List<String> add, List<String> drop) {
        return new SecurityWish(privileged, add, drop, null, null, List.of(), null);
    }
}
