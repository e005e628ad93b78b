package dev.tinydocker.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the word a user may have meant. */
public final class Nearest {

    private Nearest() {
    }

    /** The candidate with the fewest typing mistakes between it and the word; empty where none is near. */
    public static Optional<String> to(String word, Collection<String> candidates) {
        return all(word, candidates).stream().findFirst();
    }

    /** All candidates that are near a word, the nearest first. */
    public static List<String> all(String word, Collection<String> candidates) {
        int tolerance = Math.max(1, (word.length() + 1) / 3);
        return candidates.stream().filter(candidate -> distance(word, candidate) <= tolerance)
                .sorted(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                .thenComparing(Comparator.naturalOrder())).toList();
    }

    /**
     * How many letters are to be inserted, removed, replaced, or swapped with their neighbour to make one word of the
     * other.
     */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
