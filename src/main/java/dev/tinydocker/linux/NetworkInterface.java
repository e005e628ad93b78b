package dev.tinydocker.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A link of a network namespace, and what has come and gone through it since it was made. */
public record NetworkInterface(String name, Traffic received, Traffic sent) {

    private static final int HEADINGS = 2;
    private static final int FIRST_SENT = 8;

    /** Not a container's own way out, but that of containers in it: what cAdvisor leaves out too. */
    private static final List<String> OTHERS = List.of("lo", "veth", "docker", "nerdctl");
    /** Who may make links can make any number of them, under any names. */
    private static final int MOST = 32;

    /** One direction. What the kernel lost for want of room is dropped. */
    public record Traffic(long bytes, long packets, long errors, long dropped) {
    }

    /**
     * The links in the namespace of a process by which it is connected, the first ones where there are very many; none
     * of a process that is gone. /proc/PID/net/dev, proc(5).
     */
    public static List<NetworkInterface> of(int pid) {
        return parse(KernelFile.read(Path.of("/proc/" + pid + "/net/dev")));
    }

    static List<NetworkInterface> parse(String text) {
        List<NetworkInterface> found = new ArrayList<>();
        text.lines().skip(HEADINGS).forEach(line -> {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "lo" : line.substring(0, colon).strip();
            String lower = name.toLowerCase(Locale.ROOT);
            if (found.size() < MOST && OTHERS.stream().noneMatch(lower::startsWith)) {
                String[] words = line.substring(colon + 1).strip().split(" +");
                found.add(new NetworkInterface(name, traffic(words, 0), traffic(words, FIRST_SENT)));
            }
        });
        return found;
    }

    private static Traffic traffic(String[] words, int first) {
        return new Traffic(Long.parseLong(words[first]), Long.parseLong(words[first + 1]),
                Long.parseLong(words[first + 2]), Long.parseLong(words[first + 3]));
    }
}
