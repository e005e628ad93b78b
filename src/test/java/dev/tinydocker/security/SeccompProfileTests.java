package dev.tinydocker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeccompProfileTests {

    @Test
    void dockersFormatIsRead() {
        SeccompProfile profile = SeccompProfile.parse("p", """
                { "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "listenerPath": "left out",
                  "archMap": [{ "architecture": "SCMP_ARCH_X86_64", "subArchitectures": null }],
                  "syscalls": [
                    { "names": ["read", "write"], "action": "SCMP_ACT_ALLOW", "args": null, "includes": {} },
                    { "name": "clone", "action": "SCMP_ACT_LOG", "args": [
                      { "index": 0, "value": 18446744073709551615, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ" }] }] }
                """);
        assertThat(profile.defaultAction().with(profile.defaultErrnoRet())).isEqualTo(0x00050026);
        assertThat(profile.syscalls()).hasSize(2);
        assertThat(profile.syscalls().getLast().names()).containsExactly("clone");
        assertThat(profile.syscalls().getLast().args().getFirst().value().longValue()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{                                                           | line 1, column 2: ",
            "[]                                                          | line 1, column 1: something of another kind",
            "{ 'defaultAction': 'SCMP_ACT_NOTHING' }                     | line 1, column 20: there is no 'SCMP_ACT_NOTHING'",
            "{ 'syscalls': [] }                                          | the profile has no defaultAction",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~'syscalls': [~{ 'names': ['a'] } ] } | line 3, column 18: a rule has no action",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~'syscalls': 7 }        | line 2, column 13: something of another kind",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW' } }                     | line 1, column 39: ",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~~'syscalls': [ { 'names': ['a'], 'action': 'SCMP_ACT_LOG', 'args': [{ 'index': 9, 'op': 'SCMP_CMP_EQ' }] } ] } | line 3, column 102: a call has the arguments 0 to 5" })
    void whatIsWrongIsSaidWithItsPlace(String text, String why) {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> SeccompProfile.parse("/p.json", text.replace('\'', '"').replace('~', '\n')))
                .satisfies(problem -> assertThat(problem.line())
                        .startsWith("cannot use '/p.json' for --security-opt seccomp: ").contains(why).hasLineCount(1));
    }
}
