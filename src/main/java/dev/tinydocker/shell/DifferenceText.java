package dev.tinydocker.shell;

import dev.tinydocker.explain.Difference;
import dev.tinydocker.problem.Printable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Two anatomies side by side: in what they differ, then a list of what is the same. */
final class DifferenceText {

    private static final int ASPECT = 25;
    private static final int COLUMN = 35;
    private static final int SUBJECT = 12;
    private static final int LONGEST = 105;
    /** A host has hundreds of mounts that say nothing of a container. */
    private static final int MOST = 12;

    private DifferenceText() {
    }

    static String of(String one, String other, List<Difference> all) {
        Page page = new Page();
        page.raw(Page.pad("", ASPECT + 2) + Page.pad(one, COLUMN + 1) + other);
        Map<String, List<Difference>> subjects = new LinkedHashMap<>();
        all.forEach(each -> subjects.computeIfAbsent(each.subject(), _ -> new ArrayList<>()).add(each));
        Map<String, List<String>> same = new LinkedHashMap<>();
        subjects.forEach((subject, members) -> {
            List<Difference> different = members.stream().filter(each -> !each.same()).toList();
            List<String> alike = members.stream().filter(each -> each.same() && !each.one().isEmpty())
                    .map(Difference::aspect).toList();
            if (!alike.isEmpty()) {
                same.put(subject, alike);
            }
            if (subject.equals("capability")) {
                capabilities(page, different);
            } else {
                different.stream().limit(MOST).forEach(each -> row(page, subject + " " + each.aspect(),
                        AnatomyText.cut(each.one(), LONGEST), AnatomyText.cut(each.other(), LONGEST)));
                if (different.size() > MOST) {
                    page.line(subject + ": and " + (different.size() - MOST) + " more, which --json has all of");
                }
            }
        });
        page.section("THE SAME IN BOTH", "");
        same.forEach((subject, aspects) -> page.list(subject, SUBJECT, IntStream.range(0, aspects.size())
                .mapToObj(i -> aspects.get(i) + (i + 1 < aspects.size() ? "," : "")).toList()));
        return page.toString();
    }

    private static void capabilities(Page page, List<Difference> different) {
        String one = names(different, true);
        String other = names(different, false);
        if (!different.isEmpty()) {
            row(page, "capabilities", one, other);
        }
    }

    private static String names(List<Difference> different, boolean first) {
        List<String> names = different.stream().filter(each -> (first ? each.one() : each.other()).equals("yes"))
                .map(Difference::aspect).toList();
        return names.isEmpty() ? "" : "has besides: " + String.join(" ", names);
    }

    private static void row(Page page, String aspect, String one, String other) {
        List<String> names = Page.wrapped(Printable.line(aspect), ASPECT - 1);
        List<String> left = Page.wrapped(one.isEmpty() ? "-" : one, COLUMN);
        List<String> right = Page.wrapped(other.isEmpty() ? "-" : other, COLUMN);
        int lines = Math.max(names.size(), Math.max(left.size(), right.size()));
        for (int i = 0; i < lines; i++) {
            page.line(Page.pad(cell(names, i), ASPECT) + Page.pad(cell(left, i), COLUMN + 1) + cell(right, i));
        }
    }

    private static String cell(List<String> lines, int index) {
        return index < lines.size() ? lines.get(index) : "";
    }
}
