package dev.tinydocker.security;

import dev.tinydocker.linux.SeccompFilter;
import dev.tinydocker.linux.SeccompFilter.Comparison;
import dev.tinydocker.security.SeccompProfile.Action;
import dev.tinydocker.security.SeccompProfile.Argument;
import dev.tinydocker.security.SeccompProfile.Conditions;
import dev.tinydocker.security.SeccompProfile.Rule;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns a profile into the kernel's instructions, for this machine and for a set of capabilities. */
final class SeccompCompiler {

    private static final Logger LOG = LoggerFactory.getLogger(SeccompCompiler.class);
    private static final int ENOSYS = 38;
    private static final int PRIVATE = 0xf0000;
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    /** AUDIT_ARCH_… of {@code linux/audit.h}. */
    private static final Map<String, Integer> TOKENS = Map.of("SCMP_ARCH_X86", 0x40000003, "SCMP_ARCH_X86_64",
            0xc000003e, "SCMP_ARCH_X32", 0x4000003e, "SCMP_ARCH_ARM", 0x40000028, "SCMP_ARCH_AARCH64", 0xc00000b7);

    private final Set<Capability> capabilities;
    private final String architecture;
    private final String kernel;

    /**
     * @param architecture as Docker calls it: amd64 or arm64
     * @param kernel its release, as in 6.1.0-18-amd64
     */
    SeccompCompiler(Set<Capability> capabilities, String architecture, String kernel) {
        this.capabilities = capabilities;
        this.architecture = architecture;
        this.kernel = kernel;
    }

    byte[] compile(SeccompProfile profile) {
        int otherwise = profile.defaultAction().with(profile.defaultErrnoRet());
        boolean errno = profile.defaultAction() == Action.SCMP_ACT_ERRNO;
        Map<Integer, Integer> late = new TreeMap<>();
        // What an x32 program calls is of no architecture that was added: it gets what a kernel without x32 says.
        try (SeccompFilter filter = SeccompFilter.open(otherwise,
                errno ? Action.SCMP_ACT_ERRNO.with(ENOSYS) : otherwise)) {
            architectures(profile).forEach(filter::add);
            for (Rule rule : profile.syscalls()) {
                int action = rule.action().with(rule.errnoRet());
                if (action != otherwise && holds(rule.includes(), rule.excludes())) {
                    rule.names().forEach(name -> add(filter, rule, action, name, late));
                }
            }
            int newest = profile.syscalls().stream().flatMap(rule -> rule.names().stream())
                    .mapToInt(name -> SeccompFilter.number(name).orElse(0)).filter(number -> number < PRIVATE)
                    .max().orElse(0);
            return SeccompProgram.after(late, errno ? Math.max(newest, LateCalls.NEWEST) : Integer.MAX_VALUE,
                    filter.instructions());
        }
    }

    private void add(SeccompFilter filter, Rule rule, int action, String name, Map<Integer, Integer> late) {
        OptionalInt number = SeccompFilter.number(name);
        if (number.isPresent()) {
            comparisons(rule.args()).forEach(all -> filter.rule(action, number.getAsInt(), all));
        } else if (LateCalls.NUMBERS.containsKey(name) && rule.args().isEmpty()) {
            late.put(LateCalls.NUMBERS.get(name), action);
        } else {
            LOG.debug("the seccomp profile names {}, which is not known here", name);
        }
    }

    /** Of several comparisons of one argument each is a rule of its own, as with Docker; else all must hold. */
    private static List<List<Comparison>> comparisons(List<Argument> arguments) {
        List<Comparison> all = arguments.stream().map(argument -> new Comparison(argument.index(),
                argument.op().number(), argument.value().longValue(),
                argument.valueTwo() == null ? 0 : argument.valueTwo().longValue())).toList();
        Set<Integer> different = new HashSet<>();
        all.forEach(comparison -> different.add(comparison.argument()));
        return different.size() == all.size() ? List.of(all) : all.stream().map(List::of).toList();
    }

    private List<Integer> architectures(SeccompProfile profile) {
        String own = architecture.equals("arm64") ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";
        List<Integer> tokens = new ArrayList<>();
        profile.archMap().stream().filter(family -> own.equals(family.architecture()))
                .flatMap(family -> Optional.ofNullable(family.subArchitectures()).orElse(List.of()).stream())
                .map(TOKENS::get).filter(token -> token != null).forEach(tokens::add);
        return tokens;
    }

    private boolean holds(@Nullable Conditions includes, @Nullable Conditions excludes) {
        if (includes != null && (!none(includes.arches()) && !list(includes.arches()).contains(architecture)
                || !list(includes.caps()).stream().allMatch(this::has)
                || includes.minKernel() != null && !reaches(kernel, includes.minKernel()))) {
            return false;
        }
        return excludes == null || !list(excludes.arches()).contains(architecture)
                && list(excludes.caps()).stream().noneMatch(this::has)
                && (excludes.minKernel() == null || !reaches(kernel, excludes.minKernel()));
    }

    private boolean has(String name) {
        return capabilities.stream().anyMatch(capability -> capability.name().equals(name));
    }

    private static boolean none(@Nullable List<String> words) {
        return list(words).isEmpty();
    }

    private static List<String> list(@Nullable List<String> words) {
        return words == null ? List.of() : words;
    }

    static boolean reaches(String kernel, String least) {
        Matcher is = VERSION.matcher(kernel);
        Matcher due = VERSION.matcher(least);
        if (!is.matches() || !due.matches()) {
            return false;
        }
        int major = Integer.compare(Integer.parseInt(is.group(1)), Integer.parseInt(due.group(1)));
        return major > 0 || major == 0 && Integer.parseInt(is.group(2)) >= Integer.parseInt(due.group(2));
    }
}
