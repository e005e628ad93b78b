package dev.tinydocker.security;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

import java.math.BigInteger;
import java.util.List;

/**
 * Which system calls are allowed, in Docker's format: what becomes of all calls, and rules for some. A rule counts
 * where its conditions hold for this machine and for the capabilities of the process.
 *
 * @param defaultErrnoRet null is EPERM
 */
record SeccompProfile(Action defaultAction, @Nullable Integer defaultErrnoRet, List<Family> archMap,
        List<Rule> syscalls) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int EPERM = 1;

    SeccompProfile(@Nullable Action defaultAction, @Nullable Integer defaultErrnoRet, @Nullable List<Family> archMap,
            @Nullable List<Rule> syscalls) {
        this.defaultAction = required(defaultAction, "the profile has no defaultAction");
        this.defaultErrnoRet = defaultErrnoRet;
        this.archMap = archMap == null ? List.of() : List.copyOf(archMap);
        this.syscalls = syscalls == null ? List.of() : List.copyOf(syscalls);
    }

    /** What becomes of a call, by the names and the numbers of seccomp(2). */
    enum Action {
        SCMP_ACT_KILL(0), SCMP_ACT_KILL_THREAD(0), SCMP_ACT_KILL_PROCESS(0x80000000), SCMP_ACT_TRAP(0x00030000),
        SCMP_ACT_ERRNO(0x00050000), SCMP_ACT_LOG(0x7ffc0000), SCMP_ACT_ALLOW(0x7fff0000);

        private final int number;

        Action(int number) {
            this.number = number;
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
    record Family(String architecture, @Nullable List<String> subArchitectures) {
    }

    /** A comparison of one argument; unsigned. */
    record Argument(int index, BigInteger value, @Nullable BigInteger valueTwo, Operation op) {

        Argument(int index, @Nullable BigInteger value, @Nullable BigInteger valueTwo, @Nullable Operation op) {
            if (index < 0 || index > 5) {
                throw new IllegalArgumentException("a call has the arguments 0 to 5");
            }
            this.index = index;
            this.value = value == null ? BigInteger.ZERO : value;
            this.valueTwo = valueTwo;
            this.op = required(op, "an argument has no op");
        }
    }

    /** Where a rule counts; {@code minKernel} as in 4.8. */
    record Conditions(@Nullable List<String> arches, @Nullable List<String> caps, @Nullable String minKernel) {
    }

    /** One rule. */
    record Rule(@JsonAlias("name") List<String> names, Action action, @Nullable Integer errnoRet, List<Argument> args,
            @Nullable Conditions includes, @Nullable Conditions excludes) {

        Rule(@Nullable List<String> names, @Nullable Action action, @Nullable Integer errnoRet,
                @Nullable List<Argument> args, @Nullable Conditions includes, @Nullable Conditions excludes) {
            this.names = names == null ? List.of() : List.copyOf(names);
            this.action = required(action, "a rule has no action");
            this.errnoRet = errnoRet;
            this.args = args == null ? List.of() : List.copyOf(args);
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
            return required(JSON.readValue(text, SeccompProfile.class), "it is empty");
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
            case InvalidFormatException format -> "there is no '" + format.getValue() + "'";
            case ValueInstantiationException value when value.getCause() != null -> String.valueOf(
                    value.getCause().getMessage());
            case MismatchedInputException _ -> "something of another kind is due here";
            default -> e.getOriginalMessage().lines().findFirst().orElse("it cannot be read");
        };
    }

    private static <T> T required(@Nullable T value, String otherwise) {
        if (value == null) {
            throw new IllegalArgumentException(otherwise);
        }
        return value;
    }
}
