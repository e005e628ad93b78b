package dev.tinydocker.security;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which system calls are allowed, in Docker's format: what becomes of all calls, and rules for some. A rule counts
 * where its conditions hold for this machine and for the capabilities of the process. What is not understood is an
 * error: a filter that leaves it out might be weaker than was meant.
 *
 * @param defaultErrnoRet null is EPERM
 * @param architectures whose programs are filtered, which run beside the machine's own; an older form of archMap
 * @param flags of seccomp(2); null for those that Docker takes
 */
@JsonIgnoreProperties({ "comment", "$schema", "defaultErrno", "listenerPath", "listenerMetadata" })
record SeccompProfile(Action defaultAction, @Nullable Integer defaultErrnoRet, List<Architecture> architectures,
        List<Family> archMap, @Nullable List<Flag> flags, List<Rule> syscalls) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT).enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS).build();
    private static final int EPERM = 1;
    private static final int MAX_ERRNO = 4095;
    private static final int LONG_BITS = 64;
    private static final int MOST_CHOICES = 8;
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,4}\\.[0-9]{1,4}");

    /** Machines as Go calls them. */
    private static final Set<String> MACHINES = Set.of("386", "amd64", "arm", "arm64", "loong64", "mips", "mips64",
            "mips64n32", "mipsel", "mipsel64", "mipsel64n32", "parisc", "parisc64", "ppc", "ppc64", "ppc64le",
            "riscv64", "s390", "s390x", "x32", "x86");

    SeccompProfile(@Nullable Action defaultAction, @Nullable Integer defaultErrnoRet,
            @Nullable List<Architecture> architectures, @Nullable List<Family> archMap, @Nullable List<Flag> flags,
            @Nullable List<Rule> syscalls) {
        this.defaultAction = required(defaultAction, "the profile has no defaultAction");
        this.defaultErrnoRet = errno(defaultErrnoRet);
        this.architectures = list(architectures);
        this.archMap = list(archMap);
        this.flags = flags == null ? null : List.copyOf(flags);
        this.syscalls = list(syscalls);
        if (!this.architectures.isEmpty() && !this.archMap.isEmpty()) {
            throw new IllegalArgumentException("it has both architectures and archMap");
        }
    }

    /** As seccomp(2) takes them. */
    int kernelFlags() {
        return flags == null ? Flag.SECCOMP_FILTER_FLAG_SPEC_ALLOW.number
                : flags.stream().mapToInt(flag -> flag.number).reduce(0, (all, one) -> all | one);
    }

    /** What a filter is loaded with, by the names and the numbers of seccomp(2). */
    enum Flag {
        /** The process has one thread only. */
        SECCOMP_FILTER_FLAG_TSYNC(0),
        SECCOMP_FILTER_FLAG_LOG(2),
        /** Without it, older kernels make a process slow that has a filter: Linux 4.17. */
        SECCOMP_FILTER_FLAG_SPEC_ALLOW(4);

        private final int number;

        Flag(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /** Those of libseccomp, with the numbers of those whose programs run here: AUDIT_ARCH_… of linux/audit.h. */
    enum Architecture {
        SCMP_ARCH_X86(0x40000003), SCMP_ARCH_X86_64(0xc000003e), SCMP_ARCH_X32(0x4000003e), SCMP_ARCH_ARM(0x40000028),
        SCMP_ARCH_AARCH64(0xc00000b7), SCMP_ARCH_MIPS(0), SCMP_ARCH_MIPS64(0), SCMP_ARCH_MIPS64N32(0),
        SCMP_ARCH_MIPSEL(0), SCMP_ARCH_MIPSEL64(0), SCMP_ARCH_MIPSEL64N32(0), SCMP_ARCH_PPC(0), SCMP_ARCH_PPC64(0),
        SCMP_ARCH_PPC64LE(0), SCMP_ARCH_S390(0), SCMP_ARCH_S390X(0), SCMP_ARCH_PARISC(0), SCMP_ARCH_PARISC64(0),
        SCMP_ARCH_RISCV64(0), SCMP_ARCH_LOONGARCH64(0), SCMP_ARCH_M68K(0), SCMP_ARCH_SH(0), SCMP_ARCH_SHEB(0);

        private final int number;

        Architecture(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /** What becomes of a call, by the names and the numbers of seccomp(2). */
    enum Action {
        SCMP_ACT_KILL(0), SCMP_ACT_KILL_THREAD(0), SCMP_ACT_KILL_PROCESS(0x80000000), SCMP_ACT_TRAP(0x00030000),
        SCMP_ACT_ERRNO(0x00050000), SCMP_ACT_LOG(0x7ffc0000), SCMP_ACT_ALLOW(0x7fff0000);

        private final int number;

        Action(int number) {
            this.number = number;
        }

        /** Whether a call does what it is to do. */
        boolean lets() {
            return this == SCMP_ACT_LOG || this == SCMP_ACT_ALLOW;
        }

        int with(@Nullable Integer errno) {
            return this == SCMP_ACT_ERRNO ? number | (errno == null ? EPERM : errno & 0xffff) : number;
        }
    }

    /** scmp_compare of seccomp_rule_add(3), in its order from 1 on. */
    enum Operation {
        SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_EQ, SCMP_CMP_GE, SCMP_CMP_GT, SCMP_CMP_MASKED_EQ;

        int number() {
            return ordinal() + 1;
        }
    }

    /** An architecture and those that its kernel runs the programs of too. */
    record Family(Architecture architecture, List<Architecture> subArchitectures) {

        Family(@Nullable Architecture architecture, @Nullable List<Architecture> subArchitectures) {
            this.architecture = required(architecture, "an entry of archMap has no architecture");
            this.subArchitectures = list(subArchitectures);
        }
    }

    /** A comparison of one argument; unsigned. */
    record Argument(int index, BigInteger value, @Nullable BigInteger valueTwo, Operation op) {

        Argument(int index, @Nullable BigInteger value, @Nullable BigInteger valueTwo, @Nullable Operation op) {
            if (index < 0 || index > 5) {
                throw new IllegalArgumentException("a call has the arguments 0 to 5");
            }
            this.index = index;
            this.value = word(value == null ? BigInteger.ZERO : value);
            this.valueTwo = valueTwo == null ? null : word(valueTwo);
            this.op = required(op, "an argument has no op");
        }

        private static BigInteger word(BigInteger value) {
            if (value.signum() < 0 || value.bitLength() > LONG_BITS) {
                throw new IllegalArgumentException("an argument's value is a number from 0 to 2^64 - 1");
            }
            return value;
        }
    }

    /** Where a rule counts; {@code arches} as Go calls machines, {@code minKernel} as in 4.8. */
    record Conditions(List<String> arches, List<Capability> caps, @Nullable String minKernel) {

        Conditions(@Nullable List<String> arches, @Nullable List<Capability> caps, @Nullable String minKernel) {
            this.arches = list(arches);
            this.caps = list(caps);
            this.minKernel = minKernel == null || minKernel.isEmpty() ? null : minKernel;
            this.arches.stream().filter(arch -> !MACHINES.contains(arch)).findFirst().ifPresent(arch -> {
                throw new IllegalArgumentException("there is no machine '" + arch + "'; amd64 and arm64 are two");
            });
            if (this.minKernel != null && !VERSION.matcher(this.minKernel).matches()) {
                throw new IllegalArgumentException("'" + minKernel + "' is no version of a kernel, as 4.8 is");
            }
        }
    }

    /** One rule; {@code name} is an older form of names, of one. */
    @JsonIgnoreProperties({ "comment", "errno" })
    record Rule(@Nullable String name, List<String> names, Action action, @Nullable Integer errnoRet,
            List<Argument> args, @Nullable Conditions includes, @Nullable Conditions excludes) {

        Rule(@Nullable String name, @Nullable List<String> names, @Nullable Action action, @Nullable Integer errnoRet,
                @Nullable List<Argument> args, @Nullable Conditions includes, @Nullable Conditions excludes) {
            boolean single = name != null && !name.isEmpty();
            if (single && !list(names).isEmpty()) {
                throw new IllegalArgumentException("a rule has both name and names");
            }
            this.name = null;
            this.names = single ? List.of(name) : list(names);
            this.action = required(action, "a rule has no action");
            this.errnoRet = errno(errnoRet);
            this.args = list(args);
            this.includes = includes;
            this.excludes = excludes;
        }
    }

    /**
     * Reads a profile.
     *
     * @param name what to call it where it is wrong
     * @throws InvalidRequest with line and column
     */
    static SeccompProfile parse(String name, String text) {
        try {
            // Jackson has no place for what is not there.
            return required(text.isBlank() ? null : JSON.readValue(text, SeccompProfile.class),
                    "line 1, column 1: it is empty");
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
            throw invalid(name, where + reason(e), e);
        } catch (IllegalArgumentException e) {
            throw invalid(name, String.valueOf(e.getMessage()), e);
        }
    }

    private static InvalidRequest invalid(String name, String why, Exception e) {
        return new InvalidRequest("use '" + name + "' for --security-opt seccomp", why,
                "docs/security.md shows the format", e);
    }

    private static String reason(JacksonException e) {
        return switch (e) {
            case InvalidFormatException format when format.getTargetType().isEnum() -> "there is no '"
                    + format.getValue() + "'" + choices(format.getTargetType());
            case InvalidFormatException format -> "'" + format.getValue() + "' is not what is due here";
            case UnrecognizedPropertyException unknown -> "there is no field '" + unknown.getPropertyName() + "' here";
            case ValueInstantiationException value when value.getCause() instanceof NullPointerException ->
                    "null is not what is due here";
            case ValueInstantiationException value when value.getCause() != null -> String.valueOf(
                    value.getCause().getMessage());
            case MismatchedInputException _ -> "something of another kind is due here";
            default -> e.getOriginalMessage().lines().findFirst().orElse("it cannot be read");
        };
    }

    /** Of names that are too many for a line none. */
    private static String choices(Class<?> names) {
        Object[] all = names.getEnumConstants();
        return all.length > MOST_CHOICES ? "" : "; there are " + Stream.of(all).map(String::valueOf)
                .collect(Collectors.joining(", "));
    }

    /** Numbers that no error has, or a C library takes for an address, are none. */
    private static @Nullable Integer errno(@Nullable Integer number) {
        if (number != null && (number < 0 || number > MAX_ERRNO)) {
            throw new IllegalArgumentException("an errno is a number from 0 to " + MAX_ERRNO);
        }
        return number;
    }

    private static <T> List<T> list(@Nullable List<T> values) {
        return values == null ? List.of() : List.copyOf(values);
    }

    private static <T> T required(@Nullable T value, String otherwise) {
        if (value == null) {
            throw new IllegalArgumentException(otherwise);
        }
        return value;
    }
}
