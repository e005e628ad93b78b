package dev.tinydocker.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsersTests {

    @Test
    void hostAndAutoHaveNoNumbersYet() {
        assertThat(Users.parse("host").apart()).isFalse();
        assertThat(Users.parse("auto").apart()).isFalse();
        assertThat(Users.parse("auto").mode()).isEqualTo(Users.Mode.AUTO);
        assertThat(Users.HOST.outside(7)).hasValue(7);
    }

    @Test
    void numbersAreTranslatedBothWays() {
        Users users = Users.parse("map=0:100000:10,1000:5000:1");
        assertThat(users.root()).isEqualTo(100_000);
        assertThat(users.outside(9)).hasValue(100_009);
        assertThat(users.outside(10)).isEmpty();
        assertThat(users.outside(1000)).hasValue(5000);
        assertThat(users.inside(100_009)).hasValue(9);
        assertThat(users.inside(0)).isEmpty();
        assertThat(users.map()).isEqualTo("0 100000 10\n1000 5000 1\n");
        assertThat(users.word()).isEqualTo("map=0:100000:10,1000:5000:1");
    }

    @Test
    void numbersAboveTheSignAreNumbersToo() {
        Users users = Users.AUTO.with(new IdRange(0, 0xc000_0000L, 65536));
        assertThat(Integer.toUnsignedLong(users.outside(5).orElseThrow())).isEqualTo(0xc000_0005L);
        assertThat(users.inside(0xc000_0005L)).hasValue(5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "some | there is no such choice", "map= | is not three numbers",
            "map=0:1 | is not three numbers", "map=0:x:1 | is not three numbers", "map=0:1:0 | a range is from 0",
            "map=0:4294967295:1 | a range is from 0", "map=1:1:1 | leaves the container without a root",
            "map=0:1:10,5:100:1 | overlap", "map=0:1:10,10:5:1 | overlap" })
    void whatIsNoChoiceIsRefused(String word, String why) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> Users.parse(word))
                .withMessageContaining(why).withMessageContaining("cannot use '" + word + "' for --userns");
    }
}
