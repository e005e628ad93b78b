package dev.tinydocker.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A link of a network namespace, and what has come and gone through it since it was made. */
public record NetworkInterface(String name, Traffic received, Traffic sent) {

    private static final int HEADINGS = 2;
    private static final int FIRST_SENT = 8;

    /** One direction. What the kernel lost for want of room is dropped. */
    public record Traffic(long bytes, long packets, long errors, long dropped) {
    }

    /** The links in the namespace of a process but lo; none of a process that is gone. /proc/PID/net/dev, proc(5). */
    public static List<NetworkInterface> of(int pid) {
        return parse(KernelFile.read(Path.of("/proc/" + pid + "/net/dev")));
    }

    static List<NetworkInterface> parse(String text) {
        List<NetworkInterface> found = new ArrayList<>();
        text.lines().skip(HEADINGS).forEach(line -> {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "lo" : line.substring(0, colon).strip();
            if (!name.equals("lo")) {
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
