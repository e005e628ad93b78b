package dev.tinydocker.security;

import dev.tinydocker.linux.SeccompFilter;
import dev.tinydocker.linux.SeccompFilter.Comparison;
import dev.tinydocker.security.SeccompProfile.Action;
import dev.tinydocker.security.SeccompProfile.Architecture;
import dev.tinydocker.security.SeccompProfile.Argument;
import dev.tinydocker.security.SeccompProfile.Conditions;
import dev.tinydocker.security.SeccompProfile.Rule;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns a profile into the kernel's instructions, for a kind of machine and a set of capabilities. */
final class SeccompCompiler {

    private static final Logger LOG = LoggerFactory.getLogger(SeccompCompiler.class);
    private static final int ENOSYS = 38;
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

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
        // What a program of an architecture that was not added calls gets what a kernel without such programs says: its
        // calls have other numbers, x32's too, and none of the rules would hold for them.
        try (SeccompFilter filter = SeccompFilter.open(own().number(), otherwise, errno || profile.defaultAction()
                .lets() ? Action.SCMP_ACT_ERRNO.with(ENOSYS) : otherwise)) {
            Map<Integer, Integer> newest = new LinkedHashMap<>();
            newest.put(own().number(), newest(profile, own().number()));
            for (int other : others(profile)) {
                filter.add(other);
                newest.put(other, newest(profile, other));
            }
            for (Rule rule : profile.syscalls()) {
                int action = rule.action().with(rule.errnoRet());
                if (action != otherwise && holds(rule.includes(), rule.excludes())) {
                    rule.names().forEach(name -> add(filter, rule, action, name, late));
                }
            }
            return SeccompRanges.of(SeccompProgram.after(late, newest, filter.instructions()));
        }
    }

    /**
     * The last call that whoever wrote the profile knew of, whatever becomes of it. Programs of 32 bits number theirs
     * otherwise, so that one of theirs may be old whose number is high.
     */
    private static int newest(SeccompProfile profile, int architecture) {
        int named = profile.syscalls().stream().flatMap(rule -> rule.names().stream())
                .mapToInt(name -> SeccompFilter.number(architecture, name)
                        .orElse(LateCalls.NUMBERS.getOrDefault(name, 0)))
                .filter(number -> number < SeccompProgram.PRIVATE).max().orElse(0);
        return named <= 0 || profile.defaultAction().lets() ? SeccompProgram.NOTHING_HIDDEN : named;
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

    private Architecture own() {
        return architecture.equals("arm64") ? Architecture.SCMP_ARCH_AARCH64 : Architecture.SCMP_ARCH_X86_64;
    }

    /** Of programs that run here beside the machine's own. */
    private List<Integer> others(SeccompProfile profile) {
        return Stream.concat(profile.architectures().stream(), profile.archMap().stream()
                .filter(family -> family.architecture() == own()).flatMap(family -> family.subArchitectures().stream()))
                .filter(other -> other != own() && other.number() != 0).map(Architecture::number).distinct().toList();
    }

    private boolean holds(@Nullable Conditions includes, @Nullable Conditions excludes) {
        if (includes != null && (!includes.arches().isEmpty() && !includes.arches().contains(architecture)
                || !capabilities.containsAll(includes.caps())
                || includes.minKernel() != null && !reaches(kernel, includes.minKernel()))) {
            return false;
        }
        return excludes == null || !excludes.arches().contains(architecture)
                && excludes.caps().stream().noneMatch(capabilities::contains)
                && (excludes.minKernel() == null || !reaches(kernel, excludes.minKernel()));
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
