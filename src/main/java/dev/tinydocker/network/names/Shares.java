package dev.tinydocker.network.names;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** Something there is little of, shared so that no container can take all of it. */
final class Shares {

    private final int all;
    private final int each;
    private final Map<InetAddress, Integer> taken = new HashMap<>();
    private int sum;

    /** @param all how many there are; @param each how many of them one asker may have */
    Shares(int all, int each) {
        this.all = all;
        this.each = each;
    }

    /** False where there is none left for that asker. */
    synchronized boolean take(InetAddress asker) {
        int own = taken.getOrDefault(asker, 0);
        if (sum == all || own == each) {
            return false;
        }
        taken.put(asker, own + 1);
        sum++;
        return true;
    }

    /** Gives one back. */
    synchronized void giveBack(InetAddress asker) {
        taken.computeIfPresent(asker, (_, own) -> own == 1 ? null : own - 1);
        sum--;
    }
}
