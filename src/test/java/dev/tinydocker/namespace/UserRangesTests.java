package dev.tinydocker.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

class UserRangesTests {

    @TempDir
    Path etc;

    @Test
    void rangesGoRoundAndThoseInUseAreLeftOut() {
        UserRanges ranges = ranges(1000, 10, 3);
        assertThat(ranges.next(Set.of())).isZero();
        assertThat(ranges.next(Set.of())).isEqualTo(1);
        assertThat(ranges.next(Set.of(2, 0))).isEqualTo(1);
        assertThat(ranges.range(2)).isEqualTo(new IdRange(0, 1020, 10));
    }

    @Test
    void whatThisHostHasGivenToOthersIsNobodyElses() throws IOException {
        Files.writeString(etc.resolve("passwd"), "root:x:0:0::/:/bin/sh\nbob:x:1009:7::/:/bin/sh\nno line\n");
        Files.writeString(etc.resolve("group"), "g:x:1030:\n");
        Files.writeString(etc.resolve("subuid"), "bob:1015:10\n");
        UserRanges ranges = ranges(1000, 10, 5);
        assertThat(ranges.next(Set.of())).isEqualTo(4);
        assertThat(ranges.next(Set.of())).isEqualTo(4);
    }

    @Test
    void whenAllAreTakenItIsSaid() {
        assertThatExceptionOfType(HostLacks.class).isThrownBy(() -> ranges(1000, 10, 2).next(Set.of(0, 1)))
                .satisfies(problem -> assertThat(problem.line()).contains("all 2 ranges are taken",
                        "set tiny.users.first and tiny.users.count"));
    }

    @Test
    void rangesThatAreNoneAreRefusedWhenTheyAreNeeded() {
        for (UserRanges ranges : new UserRanges[] { ranges(0, 10, 2), ranges(1, 0, 2), ranges(1, 1, 0),
                ranges(4_294_900_000L, 65536, 2) }) {
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> ranges.next(Set.of()))
                    .satisfies(problem -> assertThat(problem.line()).contains("set tiny.users.first"));
        }
    }

    @Test
    void whatNobodyAskedForIsSaidInTheConfiguration() {
        assertThat(ranges(1000, 10, 2).usual()).isEqualTo(Users.AUTO);
        assertThat(new UserRanges(new UserSettings("host", 1000, 10, 2), etc).usual()).isEqualTo(Users.HOST);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> new UserRanges(new UserSettings("map=0:1:2", 1000, 10, 2), etc).usual())
                .satisfies(problem -> assertThat(problem.line()).contains("set tiny.users.mode to auto or host"));
    }

    private UserRanges ranges(long first, long size, long count) {
        return new UserRanges(new UserSettings("auto", first, size, count), etc);
    }
}
