package dev.tinydocker.explain;

import dev.tinydocker.cgroup.CgroupFigure;
import dev.tinydocker.cgroup.CgroupPlace;
import dev.tinydocker.explain.Anatomy.Mount;
import dev.tinydocker.explain.Anatomy.Process;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares two anatomies: all that they are made of, but for what changes from one moment to the next. */
public final class Differences {

    private final Anatomy one;
    private final Anatomy other;
    private final List<Difference> found = new ArrayList<>();

    private Differences(Anatomy one, Anatomy other) {
        this.one = one;
        this.other = other;
    }

    /** Everything compared, also where both are the same. */
    public static List<Difference> between(Anatomy one, Anatomy other) {
        Differences differences = new Differences(one, other);
        differences.processes();
        differences.namespaces();
        differences.cgroups();
        differences.mounts();
        differences.networks();
        differences.walls();
        return differences.found;
    }

    private void add(String subject, String aspect, Function<Anatomy, String> what) {
        found.add(new Difference(subject, aspect, what.apply(one), what.apply(other)));
    }

    /** What both have by names. */
    private void add(String subject, Function<Anatomy, Map<String, String>> what) {
        Map<String, String> first = what.apply(one);
        Map<String, String> second = what.apply(other);
        Set<String> names = new LinkedHashSet<>(first.keySet());
        names.addAll(second.keySet());
        names.forEach(name -> found.add(new Difference(subject, name, first.getOrDefault(name, ""),
                second.getOrDefault(name, ""))));
    }

    private void processes() {
        add("process", "command", anatomy -> process(anatomy, process -> String.join(" ", process.command())));
        add("process", "user", anatomy -> process(anatomy, process -> process.user() + " on the host, "
                + (process.userInside() < 0 ? "nobody" : process.userInside()) + " in there"));
        add("process", "number in there", anatomy -> process(anatomy, process -> "" + process.inside()));
    }

    private static String process(Anatomy anatomy, Function<Process, String> what) {
        Process process = anatomy.process();
        return process == null ? "does not run" : what.apply(process);
    }

    private void namespaces() {
        add("namespace", anatomy -> map(anatomy.namespaces(), Anatomy.Namespace::kind, namespace ->
                namespace.number() == 0 ? namespace.own() ? "one of its own" : "the host's, " + namespace.hostNumber()
                        : (namespace.own() ? "" : "the host's, ") + namespace.number()));
    }

    private void cgroups() {
        add("cgroup", "path", anatomy -> anatomy.cgroups().stream().map(CgroupPlace::path)
                .max(Comparator.comparingInt(String::length)).orElse(""));
        add("limit", anatomy -> map(anatomy.figures().stream().filter(figure -> !figure.limitFile().isEmpty()
                || !anatomy.running()).toList(), CgroupFigure::what, Differences::limit));
    }

    private static String limit(CgroupFigure figure) {
        Long limit = figure.limit();
        return limit != null ? limit + switch (figure.unit()) {
            case BYTES -> " bytes";
            case QUOTA -> " us of 100000";
            default -> "";
        } : figure.unit() != CgroupFigure.Unit.TEXT ? "none" : figure.text().lines().count() > 1
                ? figure.text().lines().count() + " kinds" : figure.text();
    }

    private void mounts() {
        add("mount", anatomy -> map(anatomy.mounts(), Mount::target, mount -> mount.type() + " "
                + mount.options().stream().filter(option -> !option.contains("atime")).collect(Collectors.joining(","))
                + (mount.origin() == Anatomy.Origin.BIND || mount.origin() == Anatomy.Origin.OTHER
                        ? " " + mount.from() : "")
                + (mount.layers().isEmpty() ? "" : " of " + mount.layers().size() + " layers")));
        add("layer", "below /", anatomy -> anatomy.mounts().stream().filter(mount -> mount.target().equals("/"))
                .flatMap(mount -> mount.layers().stream()).filter(layer -> !layer.writable()).map(Anatomy.Layer::path)
                .collect(Collectors.joining(" ")));
    }

    private void networks() {
        add("network", "stack", anatomy -> anatomy.network().mode());
        add("link", anatomy -> map(anatomy.network().links(), Anatomy.Link::name, link ->
                link.addresses().isEmpty() ? "no address" : String.join(" ", link.addresses())));
        add("route", anatomy -> map(anatomy.network().routes(), Anatomy.Route::destination, route ->
                (route.gateway().isEmpty() ? "" : "by " + route.gateway() + " ") + "on " + route.link()));
        add("port", anatomy -> map(anatomy.network().ports(), Anatomy.Port::outside, Anatomy.Port::inside));
    }

    private void walls() {
        add("users", "map", anatomy -> anatomy.users().own() ? anatomy.users().users().stream()
                .map(range -> range.inside() + " is " + range.outside() + ", " + range.size() + " of them")
                .collect(Collectors.joining("; ")) : "the host's");
        Set<String> all = new TreeSet<>(one.walls().effective());
        all.addAll(other.walls().effective());
        all.forEach(name -> add("capability", name.substring("CAP_".length()),
                anatomy -> anatomy.walls().effective().contains(name) ? "yes" : "no"));
        add("wall", "no_new_privs", anatomy -> anatomy.walls().noNewPrivileges() ? "set" : "not set");
        add("wall", "seccomp", anatomy -> anatomy.walls().seccomp() == 0 ? "no filter" : anatomy.walls().profile());
        add("wall", "security module", anatomy -> anatomy.walls().lsm());
    }

    private static <T> Map<String, String> map(List<T> all, Function<T, String> name, Function<T, String> what) {
        Map<String, String> map = new LinkedHashMap<>();
        all.forEach(each -> map.merge(name.apply(each), what.apply(each), (before, more) -> before + "; " + more));
        return map;
    }
}
