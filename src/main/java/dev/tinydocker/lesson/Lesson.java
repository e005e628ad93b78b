package dev.tinydocker.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One lesson of the course.
 *
 * @param number from 1 on
 * @param text what comes first, a line each
 * @param cleanup commands that take away what its steps have left, whichever of them were done; each may fail
 */
public record Lesson(int number, String title, List<String> text, List<Step> steps, List<String> cleanup) {

    /**
     * Something to do, and what is seen then.
     *
     * @param text why it is done, a line each
     * @param command for sh(1), a line each
     * @param seen each of them is to be found in some line of what it prints
     * @param status how it is to end
     */
    public record Step(List<String> text, List<String> command, List<Pattern> seen, int status) {

        /** The lines in which what should have been seen was seen. */
        public List<String> found(List<String> printed) {
            return seen.stream().flatMap(wanted -> printed.stream().filter(line -> wanted.matcher(line).find())
                    .limit(1)).map(String::strip).distinct().toList();
        }

        /** What was not seen of all that should have been, in the words of the lesson; empty where all was. */
        public List<String> missing(List<String> printed, int ended) {
            List<String> missing = new ArrayList<>(seen.stream()
                    .filter(wanted -> printed.stream().noneMatch(line -> wanted.matcher(line).find()))
                    .map(wanted -> "a line with " + wanted).toList());
            if (ended != status) {
                missing.add("exit status " + status + ", it was " + ended);
            }
            return missing;
        }
    }
}
