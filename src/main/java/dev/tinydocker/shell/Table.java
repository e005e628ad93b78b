package dev.tinydocker.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines whose cells stand below one another, with the distances of Docker's tables: three blanks, and columns of ten at
 * least.
 */
final class Table {

    private static final int PADDING = 3;
    private static final int LEAST = 10;

    private final List<List<String>> rows = new ArrayList<>();

    void add(List<String> cells) {
        rows.add(cells);
    }

    /** The lines, each ended. The last cell of a row is not padded. */
    String text() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size() - 1; i++) {
                int width = Math.max(LEAST, width(row.get(i)) + PADDING);
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                text.append(row.get(i));
                if (i < row.size() - 1) {
                    text.repeat(' ', widths.get(i) - width(row.get(i)));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
