package dev.tinydocker.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is mounted where, as a process sees it; of several mounts on one place the last, which hides the others. */
record MountTable(Map<String, List<String>> mounts) {

    private static final int TARGET = 4;
    private static final int OPTIONS = 5;

    static MountTable read(int pid) throws IOException {
        return parse(Files.readString(Path.of("/proc/" + pid + "/mountinfo"), StandardCharsets.ISO_8859_1));
    }

    /** @param mountinfo as proc(5) describes it; each byte a character */
    static MountTable parse(String mountinfo) {
        Map<String, List<String>> mounts = new HashMap<>();
        mountinfo.lines().map(line -> line.split(" ")).filter(fields -> fields.length > OPTIONS)
                .forEach(fields -> mounts.put(plain(fields[TARGET]), Arrays.asList(fields[OPTIONS].split(","))));
        return new MountTable(mounts);
    }

    boolean has(String target) {
        return mounts.containsKey(target);
    }

    boolean has(String target, String option) {
        return options(target).contains(option);
    }

    List<String> options(String target) {
        return mounts.getOrDefault(target, List.of());
    }

    /** Blanks, breaks and backslashes are written as octal numbers of three digits. */
    private static String plain(String word) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) == '\\' && i + 3 < word.length()) {
                bytes.append((char) Integer.parseInt(word.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                bytes.append(word.charAt(i));
            }
        }
        return new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
