package dev.tinydocker.network.names;

import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Answers of others, for as long as they hold, RFC 2308 for those that say that there is nothing. Each is kept for the
 * question it answers and is used for no other: what a hostile server adds to it leads nobody astray. As many as have
 * room; those that nobody asked for the longest go first.
 */
final class AnswerCache {

    private static final long LONGEST_SECONDS = 86_400;
    private static final long LONGEST_NOTHING_SECONDS = 300;
    private static final int LARGEST = 16 << 10;
    private static final int ALL = 4 << 20;

    /** What is asked of whom. */
    record Key(List<InetSocketAddress> servers, Record question, boolean secured, boolean unchecked) {

        static Key of(List<InetSocketAddress> servers, Message query) {
            return new Key(servers, query.getQuestion(), Messages.isSecured(query),
                    query.getHeader().getFlag(Flags.CD));
        }
    }

    private record Entry(byte[] answer, long since, long seconds) {
    }

    private final Map entries = new Map();
    private final LongSupplier seconds;
    private int bytes;

    /** In the order of their use, the latest last. */
    private static final class Map extends LinkedHashMap<Key, Entry> {
        Map() {
            super(64, 0.75f, true);
        }
    }

    /** @param seconds a clock that only goes on */
    AnswerCache(LongSupplier seconds) {
        this.seconds = seconds;
    }

    /** The answer with the time that it still has to live. */
    synchronized Optional<Message> find(Key key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        long age = seconds.getAsLong() - entry.since;
        if (age >= entry.seconds) {
            bytes -= entry.answer.length;
            entries.remove(key);
            return Optional.empty();
        }
        try {
            return Optional.of(aged(new Message(entry.answer), age));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Message aged(Message answer, long age) throws IOException {
        for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
            List<Record> records = answer.getSection(section);
            answer.removeAllRecords(section);
            for (Record record : records) {
                answer.addRecord(record.getType() == Type.OPT ? record
                        : Messages.withTtl(record, Math.max(0, record.getTTL() - age)), section);
            }
        }
        return answer;
    }

    /** Keeps an answer, unless it holds for this moment only or is very large. */
    synchronized void keep(Key key, Message answer) {
        long holds = holds(answer);
        byte[] wire = answer.toWire();
        if (holds <= 0 || wire.length > LARGEST) {
            return;
        }
        Entry before = entries.put(key, new Entry(wire, seconds.getAsLong(), holds));
        bytes += wire.length - (before == null ? 0 : before.answer.length);
        Iterator<Entry> oldest = entries.values().iterator();
        while (bytes > ALL) {
            bytes -= oldest.next().answer.length;
            oldest.remove();
        }
    }

    private static long holds(Message answer) {
        if (answer.getHeader().getFlag(Flags.TC)) {
            return 0;
        }
        if (answer.getRcode() != Rcode.NOERROR && answer.getRcode() != Rcode.NXDOMAIN) {
            return 0;
        }
        // There may be an alias on the way to nothing, and that nothing may end sooner.
        List<Record> records = answer.getSection(Section.ANSWER);
        long something = records.stream().mapToLong(Record::getTTL).min().orElse(LONGEST_SECONDS);
        boolean nothing = answer.getRcode() == Rcode.NXDOMAIN || records.isEmpty()
                || answer.getSection(Section.AUTHORITY).stream().anyMatch(SOARecord.class::isInstance);
        return Math.min(something, nothing ? holdsNothing(answer) : LONGEST_SECONDS);
    }

    private static long holdsNothing(Message answer) {
        return answer.getSection(Section.AUTHORITY).stream().filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast).mapToLong(soa -> Math.min(soa.getTTL(), soa.getMinimum())).min().stream()
                .map(nothing -> Math.min(LONGEST_NOTHING_SECONDS, nothing)).findFirst().orElse(0);
    }
}
