package dev.tinydocker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeccompProfileTests {

    private static final String WITH_RULE = "{ 'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [{ 'names': ['a'], "
            + "'action': 'SCMP_ACT_ALLOW',~";

    @Test
    void flagsAreThoseOfSeccomp2() {
        assertThat(flags("")).as("Docker's").isEqualTo(4);
        assertThat(flags(", \"flags\": []")).isZero();
        assertThat(flags(", \"flags\": [\"SECCOMP_FILTER_FLAG_TSYNC\", \"SECCOMP_FILTER_FLAG_LOG\"]")).isEqualTo(2);
    }

    private static int flags(String field) {
        return SeccompProfile.parse("p", "{ \"defaultAction\": \"SCMP_ACT_ALLOW\"" + field + " }").kernelFlags();
    }

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
            "''                                                          | line 1, column 1: it is empty",
            "~ ~                                                         | line 1, column 1: it is empty",
            "null                                                        | line 1, column 1: it is empty",
            "{                                                           | line 1, column 2: ",
            "[]                                                          | line 1, column 1: something of another kind",
            "{ 'defaultAction': 'SCMP_ACT_NOTHING' }                     | line 1, column 20: there is no 'SCMP_ACT_NOTHING'",
            "{ 'syscalls': [] }                                          | the profile has no defaultAction",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~'syscalls': [~{ 'names': ['a'] } ] } | line 3, column 18: a rule has no action",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~'syscalls': 7 }        | line 2, column 13: something of another kind",
            "{ 'defaultAction': 'SCMP_ACT_ERRNO',~'defaultErrnoRet': 4096 } | line 2, column 25: an errno is a number from 0 to 4095",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW' } }                     | line 1, column 39: ",
            "{ 'defaultAction': 6 }                                      | line 1, column 20: there is no '6'",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~'flags': ['SECCOMP_FILTER_FLAG_NEW_LISTENER'] } | line 2, column 11: there is no 'SECCOMP_FILTER_FLAG_NEW_LISTENER'; there are SECCOMP_FILTER_FLAG_TSYNC, SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW; ",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~'architectures': ['SCMP_ARCH_X86_46'] } | line 2, column 19: there is no 'SCMP_ARCH_X86_46'; ",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~'archMap': [{ 'architecture': 'SCMP_ARCH_VAX' }] } | line 2, column 31: there is no 'SCMP_ARCH_VAX'; ",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~'archMap': [{ 'subArchitectures': [] }] } | line 2, column 38: an entry of archMap has no architecture",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW', 'architectures': ['SCMP_ARCH_X86'], 'archMap': [{ 'architecture': 'SCMP_ARCH_X86_64' }] } | it has both architectures and archMap",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~'syscall': [] }        | there is no field 'syscall' here",
            "{ 'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [null] }   | null is not what is due here",
            WITH_RULE + "'name': 'b' }] } | a rule has both name and names",
            WITH_RULE + "'arg': [{ 'index': 0, 'op': 'SCMP_CMP_EQ' }] }] } | there is no field 'arg' here",
            WITH_RULE + "'args': [{ 'index': 0, 'op': 'SCMP_CMP_SAME' }] }] } | line 2, column 30: there is no 'SCMP_CMP_SAME'; there are SCMP_CMP_NE, ",
            WITH_RULE + "'args': [{ 'index': 0, 'op': 'SCMP_CMP_EQ', 'value': 18446744073709551616 }] }] } | an argument's value is a number from 0 to 2^64 - 1",
            WITH_RULE + "'args': [{ 'index': 0, 'op': 'SCMP_CMP_EQ', 'valueTwo': -1 }] }] } | an argument's value is a number from 0 to 2^64 - 1",
            WITH_RULE + "'args': [{ 'index': 0.9, 'op': 'SCMP_CMP_EQ' }] }] } | line 2, column 21: '0.9' is not what is due here",
            WITH_RULE + "'excludes': { 'caps': ['CAP_SYS_ADMN'] } }] } | line 2, column 24: there is no 'CAP_SYS_ADMN'; ",
            WITH_RULE + "'includes': { 'arches': ['amd46'] } }] } | there is no machine 'amd46'; amd64 and arm64 are two",
            WITH_RULE + "'includes': { 'minKernel': 'four' } }] } | is no version of a kernel, as 4.8 is",
            "{ 'defaultAction': 'SCMP_ACT_ALLOW',~~'syscalls': [ { 'names': ['a'], 'action': 'SCMP_ACT_LOG', 'args': [{ 'index': 9, 'op': 'SCMP_CMP_EQ' }] } ] } | line 3, column 102: a call has the arguments 0 to 5" })
    void whatIsWrongIsSaidWithItsPlace(String text, String why) {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> SeccompProfile.parse("/p.json", text.replace('\'', '"').replace('~', '\n')))
                .satisfies(problem -> assertThat(problem.line())
                        .startsWith("cannot use '/p.json' for --security-opt seccomp: line ").contains(why)
                        .containsPattern(": line [1-9][0-9]*, column [1-9][0-9]*: ").hasLineCount(1));
    }
}
