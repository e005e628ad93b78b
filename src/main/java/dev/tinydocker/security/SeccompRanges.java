package dev.tinydocker.security;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A filter that decides the same with fewer instructions. A kernel translates a filter when it is installed, and walks
 * through it once for each system call there is: with the thousand instructions that libseccomp makes, a quarter of a
 * millisecond in every start. libseccomp compares with one number after the other; here numbers that follow one another
 * and fare alike are a range, found by bisection. What looks at arguments is taken over as it is.
 */
final class SeccompRanges {

    /** Offsets in struct seccomp_data, {@code linux/seccomp.h}; what follows is the call's address and arguments. */
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;
    private static final long NUMBERS = 1L << 32;
    /** No architecture has this number. */
    private static final int NONE = 0;

    private final List<Instruction> filter;
    private final List<Long> starts = new ArrayList<>();

    private SeccompRanges(List<Instruction> filter) {
        this.filter = filter;
        NavigableSet<Long> breaks = new TreeSet<>(Set.of(0L));
        for (Instruction instruction : filter) {
            if (instruction.compares()) {
                breaks.add(Integer.toUnsignedLong(instruction.value()));
                breaks.add(Integer.toUnsignedLong(instruction.value()) + 1);
            }
        }
        starts.addAll(breaks.headSet(NUMBERS));
    }

    /** The filter in fewer instructions; as it is where it is none of the kind that is understood. */
    static byte[] of(byte[] filter) {
        try {
            List<Instruction> shorter = new SeccompRanges(Instruction.read(filter)).program();
            return shorter.size() * Instruction.SIZE < filter.length ? Instruction.write(shorter) : filter;
        } catch (Beyond e) {
            return filter;
        }
    }

    /** A filter that is not understood, or one whose jumps would be too long. */
    private static final class Beyond extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** What becomes of a call: where in the filter it is known, or is not without the call's arguments. */
    private record Fate(int at, @Nullable Integer returned) {
    }

    /** Numbers from {@code start} on. */
    private record Range(long start, Fate fate) {
    }

    private List<Instruction> program() {
        Set<Integer> architectures = new LinkedHashSet<>();
        List<Range> others = ranges(NONE, architectures);
        Map<Integer, List<Instruction>> trees = new LinkedHashMap<>();
        List<Instruction> program = new ArrayList<>();
        program.add(Instruction.load(ARCHITECTURE));
        for (int architecture : architectures) {
            List<Range> own = ranges(architecture, new LinkedHashSet<>());
            if (!own.equals(others)) {
                program.add(Instruction.jumpIfEqual(architecture, 0, 1));
                trees.put(program.size(), tree(own));
                program.add(Instruction.jump(0));
            }
        }
        program.addAll(tree(others));
        trees.forEach((jump, tree) -> {
            program.set(jump, Instruction.jump(program.size() - jump - 1));
            program.addAll(tree);
        });
        return program;
    }

    /** What becomes of all numbers. @param compared is given the architectures that this one is compared with */
    private List<Range> ranges(int architecture, Set<Integer> compared) {
        List<Range> ranges = new ArrayList<>();
        for (long start : starts) {
            Fate fate = fate(architecture, (int) start, compared);
            if (ranges.isEmpty() || !ranges.getLast().fate().equals(fate)) {
                ranges.add(new Range(start, fate));
            }
        }
        return ranges;
    }

    private Fate fate(int architecture, int number, Set<Integer> compared) {
        int loaded = NUMBER;
        for (int at = 0;;) {
            Instruction next = filter.get(at);
            switch (next.code()) {
                case Instruction.LOAD -> {
                    if (next.value() > ARCHITECTURE) {
                        return new Fate(at, null);
                    }
                    loaded = next.value();
                    at++;
                }
                case Instruction.RETURN -> {
                    return new Fate(-1, next.value());
                }
                case Instruction.JUMP_EQUAL, Instruction.JUMP_ABOVE, Instruction.JUMP_NOT_BELOW -> {
                    if (loaded == ARCHITECTURE) {
                        compared.add(next.value());
                    }
                    at = next.target(at, next.holds(loaded == NUMBER ? number : architecture));
                }
                case Instruction.JUMP -> at = next.target(at, true);
                default -> throw new Beyond();
            }
        }
    }

    /** Bisects the number; what becomes of it stands behind all the comparisons, each fate once. */
    private List<Instruction> tree(List<Range> ranges) {
        List<Instruction> tree = new ArrayList<>();
        tree.add(Instruction.load(NUMBER));
        Map<Integer, Fate> yes = new HashMap<>();
        Map<Integer, Fate> no = new HashMap<>();
        bisect(ranges, tree, yes, no);
        Map<Fate, Integer> places = new HashMap<>();
        int comparisons = tree.size();
        if (ranges.size() == 1) {
            tree.addAll(block(ranges.getFirst().fate()));
        }
        for (int at = 0; at < comparisons; at++) {
            for (Map<Integer, Fate> side : List.of(yes, no)) {
                Fate fate = side.get(at);
                if (fate != null && places.putIfAbsent(fate, tree.size()) == null) {
                    tree.addAll(block(fate));
                }
            }
        }
        yes.forEach((at, fate) -> tree.set(at, tree.get(at).yes(distance(at, places.getOrDefault(fate, -1)))));
        no.forEach((at, fate) -> tree.set(at, tree.get(at).no(distance(at, places.getOrDefault(fate, -1)))));
        return tree;
    }

    /** Adds the comparisons for some ranges, and notes of each which fates its ways lead to, if they do. */
    private static void bisect(List<Range> ranges, List<Instruction> tree, Map<Integer, Fate> yes,
            Map<Integer, Fate> no) {
        if (ranges.size() == 1) {
            return;
        }
        int middle = ranges.size() / 2;
        int at = tree.size();
        tree.add(Instruction.jumpIfNotBelow((int) ranges.get(middle).start(), 0, 0));
        List<Range> below = ranges.subList(0, middle);
        List<Range> above = ranges.subList(middle, ranges.size());
        if (below.size() == 1) {
            no.put(at, below.getFirst().fate());
        }
        bisect(below, tree, yes, no);
        if (above.size() == 1) {
            yes.put(at, above.getFirst().fate());
        } else {
            tree.set(at, tree.get(at).yes(distance(at, tree.size())));
        }
        bisect(above, tree, yes, no);
    }

    private static int distance(int at, int to) {
        int distance = to - at - 1;
        if (distance < 0 || distance > Instruction.FARTHEST) {
            throw new Beyond();
        }
        return distance;
    }

    /** The instructions that a fate consists of: all that can be reached from where the arguments are looked at. */
    private List<Instruction> block(Fate fate) {
        if (fate.returned() != null) {
            return List.of(Instruction.returning(fate.returned()));
        }
        SortedSet<Integer> reached = new TreeSet<>();
        reach(fate.at(), reached);
        List<Integer> order = List.copyOf(reached);
        List<Instruction> block = new ArrayList<>();
        for (int at : order) {
            Instruction next = filter.get(at);
            if (next.code() == Instruction.LOAD && next.value() <= ARCHITECTURE) {
                throw new Beyond();
            }
            int here = block.size();
            block.add(switch (next.code()) {
                case Instruction.LOAD, Instruction.AND, Instruction.RETURN -> next;
                case Instruction.JUMP -> Instruction.jump(distance(here, order.indexOf(next.target(at, true))));
                default -> next.yes(distance(here, order.indexOf(next.target(at, true))))
                        .no(distance(here, order.indexOf(next.target(at, false))));
            });
        }
        return block;
    }

    private void reach(int at, Set<Integer> reached) {
        if (!reached.add(at)) {
            return;
        }
        Instruction next = filter.get(at);
        switch (next.code()) {
            case Instruction.RETURN -> { }
            case Instruction.LOAD, Instruction.AND -> reach(at + 1, reached);
            case Instruction.JUMP -> reach(next.target(at, true), reached);
            default -> {
                reach(next.target(at, true), reached);
                reach(next.target(at, false), reached);
            }
        }
    }
}
