package dev.tinydocker.security;

import static dev.tinydocker.security.FilterMachine.ALLOWED;
import static dev.tinydocker.security.FilterMachine.ENOSYS;
import static dev.tinydocker.security.FilterMachine.EPERM;
import static dev.tinydocker.security.FilterMachine.decide;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.security.SeccompProfile.Conditions;
import dev.tinydocker.security.SeccompProfile.Rule;
import dev.tinydocker.support.Commands;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The built-in profile for machines that this one need not be: every call that the kernel's own headers number, carried
 * out as that machine's kernel would.
 */
class SeccompArchitecturesIT {

    private static final String KERNEL = "6.1.0";
    /** The last call that the built-in profile names: removexattrat. */
    private static final int NEWEST = 466;
    private static final int CLONE_NEWUSER = 0x10000000;
    private static final Pattern NUMBER = Pattern.compile("#define __NR(3264)?_(\\w+) (\\d+|__NR3264_\\w+)");
    /** What depends on arguments, and is looked at by itself. */
    private static final Set<String> APART = Set.of("clone", "clone3", "socket", "personality");

    private static SeccompProfile profile;

    /** An architecture whose calls a filter decides on, and the machine that runs its programs. */
    enum Abi {
        AARCH64("arm64", 0xc00000b7, "asm-generic/unistd.h"), X86_64("amd64", 0xc000003e, "asm/unistd_64.h"),
        I386("amd64", 0x40000003, "asm/unistd_32.h");

        private final String machine;
        private final int token;
        private final String header;

        Abi(String machine, int token, String header) {
            this.machine = machine;
            this.token = token;
            this.header = header;
        }

        /** Every call by its name; what arm64 asks of the header that all newer architectures share is defined. */
        Map<String, Integer> calls() throws IOException {
            String all = Commands.run("sh", "-c", "for want in RENAMEAT NEW_STAT SET_GET_RLIMIT SYS_CLONE3 MEMFD_SECRET; do "
                    + "set -- \"$@\" -D__ARCH_WANT_$want; done; gcc -E -dM \"$@\" -include " + header + " -x c /dev/null");
            Map<String, Integer> numbers = new HashMap<>();
            Map<String, String> same = new HashMap<>();
            for (Matcher line = NUMBER.matcher(all); line.find();) {
                if (line.group(3).startsWith("_")) {
                    same.put(line.group(2), line.group(3).substring("__NR3264_".length()));
                } else {
                    numbers.put((line.group(1) == null ? "" : "3264_") + line.group(2), Integer.valueOf(line.group(3)));
                }
            }
            same.forEach((name, of) -> numbers.put(name, numbers.get("3264_" + of)));
            numbers.keySet().removeIf(name -> name.startsWith("3264_") || name.equals("syscalls"));
            return numbers;
        }

        byte[] filter(Set<Capability> capabilities) {
            return new SeccompCompiler(capabilities, machine, KERNEL).compile(profile);
        }
    }

    @BeforeAll
    static void read() throws IOException {
        profile = SeccompProfile.parse("builtin", Files.readString(Path.of("config/seccomp/builtin.json")));
    }

    /** The names that a rule without arguments allows there with the usual capabilities. */
    private static Set<String> allowed(String machine) {
        Set<String> names = new HashSet<>();
        profile.syscalls().stream().filter(rule -> rule.args().isEmpty()
                && rule.action() == SeccompProfile.Action.SCMP_ACT_ALLOW && holds(rule, machine))
                .forEach(rule -> names.addAll(rule.names()));
        return names;
    }

    private static boolean holds(Rule rule, String machine) {
        Conditions due = rule.includes();
        return due == null || (due.arches().isEmpty() || due.arches().contains(machine))
                && (due.caps().isEmpty() || due.caps().equals(List.of(Capability.CAP_SYS_CHROOT)));
    }

    /** The header that newer architectures share is everywhere, those of the others on their own machines. */
    static List<Abi> withHeaders() {
        return System.getProperty("os.arch").equals("amd64") ? List.of(Abi.values()) : List.of(Abi.AARCH64);
    }

    @ParameterizedTest
    @MethodSource("withHeaders")
    void everyCallIsAllowedRefusedOrNotThereAsTheProfileSays(Abi abi) throws IOException {
        Map<String, Integer> calls = abi.calls();
        assertThat(calls).hasSizeGreaterThan(300).containsKeys("mount", "openat", "clone3", "fstatfs");
        byte[] filter = abi.filter(Capability.DEFAULT);
        Set<String> allowed = allowed(abi.machine);
        Map<String, Integer> wrong = new HashMap<>();
        calls.forEach((name, number) -> {
            int due = number > NEWEST ? ENOSYS : allowed.contains(name) ? ALLOWED : EPERM;
            if (!APART.contains(name) && decide(filter, abi.token, number, 0) != due) {
                wrong.put(name, decide(filter, abi.token, number, 0));
            }
        });
        assertThat(wrong).isEmpty();
        assertThat(decide(filter, abi.token, calls.get("clone3"), 0)).isEqualTo(ENOSYS);
        assertThat(decide(filter, abi.token, calls.get("clone"), 0x01200011)).isEqualTo(ALLOWED);
        assertThat(decide(filter, abi.token, calls.get("clone"), CLONE_NEWUSER | 17)).isEqualTo(EPERM);
        assertThat(decide(filter, abi.token, calls.get("socket"), 2)).isEqualTo(ALLOWED);
        assertThat(decide(filter, abi.token, calls.get("socket"), 38)).as("AF_ALG").isEqualTo(EPERM);
        assertThat(decide(filter, abi.token, calls.get("personality"), 0)).isEqualTo(ALLOWED);
        assertThat(decide(filter, abi.token, calls.get("personality"), 0x40000)).isEqualTo(EPERM);
        assertThat(decide(abi.filter(Set.of(Capability.CAP_SYS_ADMIN)), abi.token, calls.get("mount"), 0)).isEqualTo(ALLOWED);
    }

    /** As with Docker; of the calls of one architecture only, those that it has. */
    @ParameterizedTest
    @CsvSource({ "SYS_ADMIN,clone3 unshare setns mount mount_setattr move_mount open_tree fsopen fsconfig fsmount fspick umount "
            + "umount2 sethostname setdomainname bpf perf_event_open fanotify_init quotactl quotactl_fd lookup_dcookie syslog "
            + "lsm_get_self_attr lsm_set_self_attr lsm_list_modules", "DAC_READ_SEARCH,open_by_handle_at",
            "SYS_PTRACE,process_madvise kcmp pidfd_getfd", "SYS_NICE,mbind get_mempolicy set_mempolicy set_mempolicy_home_node",
            "SYS_TIME,settimeofday stime clock_settime clock_settime64", "SYS_MODULE,init_module finit_module delete_module",
            "SYS_BOOT,reboot", "SYS_PACCT,acct", "SYS_RAWIO,iopl ioperm", "SYS_TTY_CONFIG,vhangup", "SYSLOG,syslog", "BPF,bpf",
            "PERFMON,perf_event_open", "NET_ADMIN,''" })
    void aCapabilityAllowsItsCallsAndNoOthers(String capability, String names) throws IOException {
        Set<Capability> more = EnumSet.copyOf(Capability.DEFAULT);
        more.add(Capability.valueOf("CAP_" + capability));
        for (Abi abi : withHeaders()) {
            Map<String, Integer> calls = abi.calls();
            byte[] usual = abi.filter(Capability.DEFAULT);
            byte[] filter = abi.filter(more);
            assertThat(calls.keySet()).as("%s", abi).filteredOn(name -> decide(filter, abi.token, calls.get(name), 0) == ALLOWED
                    && decide(usual, abi.token, calls.get(name), 0) != ALLOWED).containsExactlyInAnyOrderElementsOf(
                            Stream.of(names.split(" ")).filter(calls::containsKey).toList());
        }
    }

    /** {@code arch/arm/tools/syscall.tbl}, of which no header is here. */
    @ParameterizedTest
    @CsvSource({ "write,4,true", "mount,21,false", "reboot,88,false", "setns,375,false", "statx,397,true",
            "breakpoint,0xf0001,true", "cacheflush,0xf0002,true", "set_tls,0xf0005,true" })
    void programsOf32BitsOnArmHaveTheirOwnNumbers(String name, String number, boolean allowed) {
        byte[] filter = Abi.AARCH64.filter(Capability.DEFAULT);
        int arm = 0x40000028;
        assertThat(decide(filter, arm, Integer.decode(number), 0)).as(name).isEqualTo(allowed ? ALLOWED : EPERM);
        assertThat(decide(filter, arm, 435, 0)).as("clone3").isEqualTo(ENOSYS);
        assertThat(decide(filter, arm, 120, CLONE_NEWUSER)).as("clone").isEqualTo(EPERM);
    }

    /** The rules of a list of what is refused do not hold for the numbers of others. */
    @Test
    void aProfileThatAllowsWhatItDoesNotNameLeavesNoWayAroundIt() {
        String names = "'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'name':'mkdir','action':'SCMP_ACT_ERRNO'}]";
        byte[] filter = filter(names);
        assertThat(decide(filter, Abi.X86_64.token, 83, 0)).as("mkdir").isEqualTo(EPERM);
        assertThat(decide(filter, Abi.X86_64.token, 1, 0)).as("write").isEqualTo(ALLOWED);
        assertThat(decide(filter, Abi.X86_64.token, 0x40000000 | 83, 0)).as("mkdir of x32").isEqualTo(ENOSYS);
        assertThat(decide(filter, Abi.I386.token, 39, 0)).as("mkdir of 32 bits").isEqualTo(ENOSYS);

        filter = filter(names + ",'architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86','SCMP_ARCH_MIPS']");
        assertThat(decide(filter, Abi.X86_64.token, 83, 0)).as("mkdir").isEqualTo(EPERM);
        assertThat(decide(filter, Abi.I386.token, 39, 0)).as("mkdir of 32 bits").isEqualTo(EPERM);
        assertThat(decide(filter, Abi.I386.token, 4, 0)).as("write of 32 bits").isEqualTo(ALLOWED);
    }

    /** glibc looks for another way at ENOSYS only; whoever wrote the profile did not decide on what came later. */
    @ParameterizedTest
    @CsvSource({ "SCMP_ACT_ERRNO,0x50001", "SCMP_ACT_KILL,0", "SCMP_ACT_KILL_PROCESS,0x80000000", "SCMP_ACT_TRAP,0x30000" })
    void whatIsNewerThanAllThatAProfileNamesIsNotThere(String otherwise, String number) {
        int refused = (int) Long.decode(number).longValue();
        String names = "'defaultAction':'" + otherwise + "','syscalls':[{'names':['read','set_mempolicy_home_node'%s],"
                + "'action':'SCMP_ACT_ALLOW'}]";
        byte[] filter = filter(names.formatted(""));
        assertThat(decide(filter, Abi.X86_64.token, 449, 0)).as("futex_waitv").isEqualTo(refused);
        assertThat(decide(filter, Abi.X86_64.token, 450, 0)).as("set_mempolicy_home_node").isEqualTo(ALLOWED);
        assertThat(decide(filter, Abi.X86_64.token, 452, 0)).as("fchmodat2").isEqualTo(ENOSYS);
        filter = filter(names.formatted(",'fchmodat2'"));
        assertThat(decide(filter, Abi.X86_64.token, 451, 0)).as("cachestat").isEqualTo(refused);
        assertThat(decide(filter, Abi.X86_64.token, 452, 0)).as("fchmodat2").isEqualTo(ALLOWED);
        assertThat(decide(filter, Abi.X86_64.token, 453, 0)).as("map_shadow_stack").isEqualTo(ENOSYS);
        assertThat(decide(filter("'defaultAction':'" + otherwise + "'"), Abi.X86_64.token, 1, 0)).isEqualTo(refused);
    }

    @Test
    void whatLibseccompDoesNotKnowByNameIsAllowedToProgramsThatTheProfileNames() {
        for (int refused : new int[] { 0, ENOSYS }) {
            String names = "'defaultAction':'SCMP_ACT_" + (refused == 0 ? "KILL" : "ERRNO")
                    + "','syscalls':[{'names':['read','cachestat'],'action':'SCMP_ACT_ALLOW'}]";
            byte[] filter = filter(names);
            assertThat(decide(filter, Abi.X86_64.token, 451, 0)).isEqualTo(ALLOWED);
            assertThat(decide(filter, Abi.I386.token, 451, 0)).isEqualTo(refused);
            assertThat(decide(filter, Abi.AARCH64.token, 451, 0)).isEqualTo(refused);
            filter = filter(names + ",'architectures':['SCMP_ARCH_X86']");
            assertThat(decide(filter, Abi.I386.token, 451, 0)).isEqualTo(ALLOWED);
        }
    }

    @Test
    void programsOf32BitsHaveOldCallsOfHighNumbers() {
        byte[] filter = filter("'defaultAction':'SCMP_ACT_ERRNO','architectures':['SCMP_ARCH_X86'],'syscalls':[{'names':"
                + "['getrandom','rseq'],'action':'SCMP_ACT_ALLOW'}]");
        assertThat(decide(filter, Abi.X86_64.token, 334, 0)).as("rseq").isEqualTo(ALLOWED);
        assertThat(decide(filter, Abi.X86_64.token, 355, 0)).as("no call yet").isEqualTo(ENOSYS);
        assertThat(decide(filter, Abi.I386.token, 355, 0)).as("getrandom").isEqualTo(ALLOWED);
        assertThat(decide(filter, Abi.I386.token, 384, 0)).as("arch_prctl").isEqualTo(EPERM);
        assertThat(decide(filter, Abi.I386.token, 393, 0)).as("semget").isEqualTo(ENOSYS);
    }

    private static byte[] filter(String fields) {
        return new SeccompCompiler(Capability.DEFAULT, "amd64", KERNEL)
                .compile(SeccompProfile.parse("p", ("{" + fields + "}").replace('\'', '"')));
    }

    @Test
    void whatIsOfAnotherMachineIsNotThere() {
        assertThat(decide(Abi.AARCH64.filter(Capability.DEFAULT), Abi.X86_64.token, 1, 0)).as("write").isEqualTo(ENOSYS);
        assertThat(decide(Abi.X86_64.filter(Capability.DEFAULT), Abi.AARCH64.token, 64, 0)).as("write").isEqualTo(ENOSYS);
    }
}
