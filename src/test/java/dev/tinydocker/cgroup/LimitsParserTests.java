package dev.tinydocker.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.function.Function;

class LimitsParserTests {

    @ParameterizedTest
    @ValueSource(strings = { "12x", "", "-5m", "6291455", "lots" })
    void memoryThatIsNoSizeOrTooLittleIsRefused(String word) {
        assertRefused(LimitsParser::memory, word);
    }

    @Test
    void memoryIsCountedInPowersOf1024() {
        assertThat(LimitsParser.memory("128m")).isEqualTo(134_217_728);
        assertThat(LimitsParser.memory("6m")).isEqualTo(6_291_456);
        assertThat(LimitsParser.memory("0")).isZero();
        assertThat(LimitsParser.memorySwap("-1")).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({ "0.01,1000", "0.5,50000", "1,100000", "1.255,125500", "4.00,400000", "0,0" })
    void cpusAreMicrosecondsPerPeriod(String word, long micros) {
        assertThat(LimitsParser.cpus(word, 4)).isEqualTo(micros);
    }

    @ParameterizedTest
    @ValueSource(strings = { "4.01", "0.001", "-1", "two", "", "NaN", "1e400000000" })
    void cpusThisHostHasNotAreRefused(String word) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> LimitsParser.cpus(word, 4))
                .satisfies(problem -> assertThat(problem.line()).contains("--cpus").contains("'" + word + "'"));
    }

    @Test
    void theNumberOfCpusIsInTheMessage() {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> LimitsParser.cpus("8", 4))
                .satisfies(problem -> assertThat(problem.line()).isEqualTo(
                        "cannot use '8' for --cpus: this host has 4 CPUs; give a number from 0.01 to 4.00"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "1", "262145", "-3", "many" })
    void sharesOutOfTheKernelsRangeAreRefused(String word) {
        assertRefused(LimitsParser::cpuShares, word);
    }

    @Test
    void aListOfCpusIsCheckedAgainstTheOnlineOnes() {
        var online = CpuList.parse("0-3,6").orElseThrow();
        assertThat(LimitsParser.cpuset("0-2,6", online)).isEqualTo("0-2,6");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> LimitsParser.cpuset("3-5", online))
                .satisfies(problem -> assertThat(problem.line()).contains("no CPU 4").contains("it has 0-3,6"));
        assertRefused(word -> LimitsParser.cpuset(word, online), "2-1");
        assertRefused(word -> LimitsParser.cpuset(word, online), "0,,1");
        assertRefused(word -> LimitsParser.cpuset(word, online), "a");
    }

    @Test
    void pidsWithoutLimitAreMinusOne() {
        assertThat(LimitsParser.pids("100")).isEqualTo(100);
        assertThat(LimitsParser.pids("0")).isEqualTo(-1);
        assertThat(LimitsParser.pids("-1")).isEqualTo(-1);
        assertRefused(LimitsParser::pids, "-2");
    }

    @Test
    void memoryAndSwapTogetherAreNotLessThanMemory() {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> new Limits(8L << 20, 7L << 20, null, null, null, null));
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> new Limits(null, 7L << 20, null, null, null, null));
        assertThat(new Limits(0L, 0L, 0L, 0L, "", 0L)).isEqualTo(Limits.NONE);
    }

    private static void assertRefused(Function<String, ?> parser, String word) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> parser.apply(word))
                .satisfies(problem -> assertThat(problem.hint()).isNotEmpty());
    }
}
