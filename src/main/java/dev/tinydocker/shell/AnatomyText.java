package dev.tinydocker.shell;

import dev.tinydocker.cgroup.CgroupFigure;
import dev.tinydocker.cgroup.CgroupPlace;
import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.explain.Anatomy;
import dev.tinydocker.explain.Anatomy.Namespace;
import dev.tinydocker.explain.Anatomy.Process;
import dev.tinydocker.explain.Anatomy.Range;
import dev.tinydocker.explain.Anatomy.Walls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** An {@link Anatomy} as a page: what the kernel says, and which of its files said so. */
final class AnatomyText {

    /** What every tiny-shim calls itself, before what it does. */
    private static final String SHIM = "tds:";
    private static final int MOST_PROCESSES = 8;
    private static final int NAME = 17;
    private static final int VALUE = 22;
    private static final int BAR = 10;
    private static final int CAPABILITIES = 41;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Anatomy anatomy;
    private final Page page = new Page();
    private final String proc;

    private AnatomyText(Anatomy anatomy) {
        this.anatomy = anatomy;
        Process process = anatomy.process();
        this.proc = process == null ? "" : "/proc/" + process.pid() + "/";
    }

    static String of(Anatomy anatomy) {
        AnatomyText text = new AnatomyText(anatomy);
        text.head();
        text.process();
        text.namespaces();
        text.cgroups();
        text.page.section("MOUNTS", text.source("mountinfo"));
        AnatomyPlaces.mounts(text.page, anatomy);
        text.page.section("NETWORK", text.source("net"));
        AnatomyPlaces.network(text.page, anatomy);
        text.users();
        text.walls();
        text.page.raw("").raw("'explain SUBJECT' tells what each is: namespace, cgroup, overlay, mount, veth, "
                + "nat, seccomp, …");
        return text.page.toString();
    }

    private String source(String file) {
        return anatomy.running() ? proc + file : "the record";
    }

    private void head() {
        String who = anatomy.id().isEmpty() ? "this host, as the engine's own process sees it"
                : "'" + anatomy.name() + "' (" + anatomy.shortId() + "), of " + anatomy.image() + ": "
                        + anatomy.state();
        page.raw(who);
        if (!anatomy.running()) {
            page.raw("It does not run: this is from its record, what it was asked to be, and not from the kernel.");
        }
    }

    private void process() {
        Process first = anatomy.process();
        if (first == null) {
            return;
        }
        page.section("PROCESS", source("status"));
        page.line(Page.pad("pid " + first.pid(), NAME) + (first.inside() == first.pid() ? "the same in there"
                : first.inside() + " in there") + "; started by "
                + (first.parentName().startsWith(SHIM) ? "its shim" : first.parentName()) + " (" + first.parent()
                + ")");
        page.line(Page.pad("command", NAME) + cut(String.join(" ", first.command()), Page.WIDTH - NAME - 2));
        page.line(Page.pad("user " + first.user(), NAME) + inside(first.userInside()) + "; group " + first.group()
                + ", " + inside(first.groupInside()));
        anatomy.others().stream().limit(MOST_PROCESSES).forEach(other -> page.line(Page.pad("beside it", NAME)
                + Page.pad(other.pid() + ", " + other.inside() + " in there", 24)
                + cut(String.join(" ", other.command()), 50)));
        if (anatomy.others().size() > MOST_PROCESSES) {
            page.line(Page.pad("", NAME) + "and " + (anatomy.others().size() - MOST_PROCESSES) + " more");
        }
    }

    private static String inside(long id) {
        return id < 0 ? "nobody in there" : id + " in there" + (id == 0 ? ", which is root" : "");
    }

    static String cut(String words, int width) {
        return words.length() <= width ? words : words.substring(0, width - 1) + "…";
    }

    private void namespaces() {
        page.section("NAMESPACES", source("ns"));
        page.line(Page.pad("", 9) + Page.pad("in there", 12) + Page.pad("on the host", 13) + Page.pad("is", 19)
                + Page.pad("made by", 16) + "holds apart");
        for (Namespace each : anatomy.namespaces()) {
            String is = !each.own() ? "the host's" : each.sharedWith().isEmpty() ? "its own"
                    : "with " + cut(String.join(", ", each.sharedWith()), 12);
            page.line(Page.pad(each.kind(), 9) + Page.pad(each.number() == 0 ? "-" : "" + each.number(), 12)
                    + Page.pad("" + each.hostNumber(), 13) + Page.pad(is, 19) + Page.pad(each.flag(), 16)
                    + each.what());
        }
    }

    private void cgroups() {
        page.section("CGROUP", source("cgroup"));
        Map<String, List<String>> trees = new LinkedHashMap<>();
        for (CgroupPlace place : anatomy.cgroups()) {
            trees.computeIfAbsent(place.path(), _ -> new ArrayList<>()).add(place.version() == 2
                    ? "unified" + (place.controllers().isEmpty() ? "" : " (" + String.join(" ", place.controllers())
                            + ")") : String.join(",", place.controllers()));
        }
        trees.forEach((path, names) -> {
            page.line(path);
            page.list("  in the tree" + (names.size() > 1 ? "s" : ""), NAME, names);
        });
        for (CgroupFigure figure : anatomy.figures()) {
            String files = Stream.of(figure.usedFile(), figure.limitFile()).filter(file -> !file.isEmpty())
                    .reduce((one, other) -> one + ", " + other).orElse("");
            String value = amount(figure);
            String left = Page.pad(figure.what(), NAME) + Page.pad(value, VALUE) + Page.pad(bar(figure), BAR + 2);
            page.line(left + cut(files, Page.WIDTH - 2 - left.length()));
        }
    }

    private static String amount(CgroupFigure figure) {
        Long used = figure.used();
        Long limit = figure.limit();
        String most = limit == null ? figure.unit() == CgroupFigure.Unit.TEXT ? figure.text() : "no limit"
                : amount(figure.unit(), limit);
        if (figure.unit() == CgroupFigure.Unit.TEXT) {
            long lines = most.lines().count();
            return lines > 1 ? lines + " kinds allowed" : most;
        }
        return used == null ? most : figure.limitFile().isEmpty() ? amount(figure.unit(), used)
                : amount(figure.unit(), used) + (limit == null ? ", " : " of ") + most;
    }

    private static String amount(CgroupFigure.Unit unit, long number) {
        return switch (unit) {
            case BYTES -> Sizes.binary(number);
            case NANOSECONDS -> number < NANOS_PER_SECOND
                    ? String.format(Locale.ROOT, "%.1f ms", number / NANOS_PER_MILLI)
                    : String.format(Locale.ROOT, "%.2f s", number / NANOS_PER_SECOND);
            case QUOTA -> String.format(Locale.ROOT, "%.2f CPUs", (double) number / Limits.CPU_PERIOD_MICROS);
            case COUNT, WEIGHT, TEXT -> Long.toString(number);
        };
    }

    private static String bar(CgroupFigure figure) {
        Long used = figure.used();
        Long limit = figure.limit();
        if (used == null || limit == null || limit <= 0) {
            return "";
        }
        int full = Math.clamp(Math.round((double) BAR * used / limit), used > 0 ? 1 : 0, BAR);
        return "#".repeat(full) + ".".repeat(BAR - full);
    }

    private void users() {
        page.section("USERS", source("uid_map"));
        if (!anatomy.users().own()) {
            page.line("the host's: root in there is root here");
            return;
        }
        boolean same = anatomy.users().users().equals(anatomy.users().groups());
        anatomy.users().users().forEach(range -> page.line(range(same ? "users, groups" : "users", range)));
        if (!same) {
            anatomy.users().groups().forEach(range -> page.line(range("groups", range)));
        }
    }

    private static String range(String kind, Range range) {
        return Page.pad(kind, NAME) + numbers(range.inside(), range.size()) + " in there "
                + (range.size() > 1 ? "are " : "is ") + numbers(range.outside(), range.size()) + " on the host";
    }

    private static String numbers(long first, long size) {
        return size == 1 ? "" + first : first + " to " + (first + size - 1);
    }

    private void walls() {
        Walls walls = anatomy.walls();
        page.section("WALLS", source("status"));
        page.list("capabilities", NAME, shown(walls.effective()));
        if (!walls.bounding().equals(walls.effective())) {
            page.list("at most", NAME, shown(walls.bounding()));
        }
        if (!walls.ambient().isEmpty()) {
            page.list("ambient", NAME, shown(walls.ambient()));
        }
        page.line(Page.pad("no_new_privs", NAME) + (walls.noNewPrivileges()
                ? "set: no file that is executed gives more power" : "not set: set-uid files have an effect"));
        page.line(Page.pad("seccomp", NAME) + (walls.seccomp() == 0 ? "system calls are not filtered"
                : "system calls go through " + walls.filters() + (walls.filters() == 1 ? " filter" : " filters")
                        + ", made from the " + walls.profile() + " profile"));
        if (anatomy.running()) {
            page.line(Page.pad("security module", NAME) + (walls.lsm().isEmpty() ? "none has a name for it"
                    : walls.lsm()));
        }
    }

    /** All but the first four letters, which all have. */
    static List<String> shown(List<String> names) {
        if (names.size() == CAPABILITIES) {
            return List.of("all", "that", "there", "are");
        }
        return names.isEmpty() ? List.of("none") : names.stream().map(name -> name.substring("CAP_".length()))
                .toList();
    }
}
