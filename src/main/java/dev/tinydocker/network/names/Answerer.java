package dev.tinydocker.network.names;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Questions and their answers, however they come and go: at once where this server knows, later where others do. */
final class Answerer {

    private static final Logger LOG = LoggerFactory.getLogger(Answerer.class);

    /** An address is another container's a moment after the last one's end: nobody is to remember it. */
    private static final long TTL = 0;

    private final Directory directory;
    private final Forwarder forwarder;
    /** Questions that others are asked. */
    private final Shares asked = new Shares(512, 64);

    Answerer(Directory directory, Forwarder forwarder) {
        this.directory = directory;
        this.forwarder = forwarder;
    }

    /**
     * Answers one question, at most once.
     *
     * @param server the address that was asked
     * @param bytes whatever was sent
     * @param stream whether the answer may have any length
     * @param reply is given the answer, on this thread or another
     */
    void answer(InetAddress server, InetAddress from, byte[] bytes, boolean stream, Consumer<byte[]> reply) {
        Asker asker = Messages.isQuestion(bytes) ? directory.asker(server, from).orElse(null) : null;
        if (asker == null) {
            return;
        }
        Message query;
        try {
            query = Messages.parse(bytes);
        } catch (IOException e) {
            reply.accept(malformed(bytes));
            return;
        }
        int most = stream ? Messages.LARGEST : Messages.longest(query);
        Optional<Message> known = known(asker, query);
        if (known.isPresent()) {
            reply.accept(known.get().toWire(most));
        } else if (!asker.outside() || !asked.take(from)) {
            reply.accept(Messages.answer(query, Rcode.SERVFAIL).toWire(most));
        } else {
            Thread.ofVirtual().name("name").start(() -> {
                try {
                    reply.accept(forwarder.ask(asker, query).toWire(most));
                } catch (RuntimeException e) {
                    LOG.warn("cannot ask for {}", query.getQuestion(), e);
                } finally {
                    asked.giveBack(from);
                }
            });
        }
    }

    private static byte[] malformed(byte[] bytes) {
        Header header = new Header((bytes[0] & 0xff) << 8 | bytes[1] & 0xff);
        header.setFlag(Flags.QR);
        header.setRcode(Rcode.FORMERR);
        return header.toWire();
    }

    /** What nobody else needs to be asked for. */
    private Optional<Message> known(Asker asker, Message query) {
        int refusal = Messages.refusal(query);
        if (refusal != Rcode.NOERROR) {
            return Optional.of(Messages.answer(query, refusal));
        }
        Record question = query.getQuestion();
        Optional<InetAddress> reverse = reverse(question.getName());
        if (reverse.isPresent()) {
            Optional<String> name = directory.name(asker, reverse.get());
            return name.isEmpty() && !directory.isInside(asker, reverse.get()) ? Optional.empty()
                    : Optional.of(own(query, name.isEmpty() ? Rcode.NXDOMAIN : Rcode.NOERROR,
                            name.filter(_ -> isWanted(question, Type.PTR)).flatMap(found -> pointer(question, found))
                                    .stream().toList()));
        }
        String name = question.getName().toString(true).toLowerCase(Locale.ROOT);
        List<InetAddress> addresses = new ArrayList<>(directory.addresses(asker, name));
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        // So that several of one name take turns.
        Collections.shuffle(addresses);
        return Optional.of(own(query, Rcode.NOERROR, addresses.stream().map(address -> record(question, address))
                .filter(record -> isWanted(question, record.getType())).toList()));
    }

    private static Message own(Message query, int rcode, List<Record> records) {
        Message answer = Messages.answer(query, rcode);
        answer.getHeader().setFlag(Flags.AA);
        records.forEach(record -> answer.addRecord(record, Section.ANSWER));
        return answer;
    }

    private static boolean isWanted(Record question, int type) {
        return question.getType() == type || question.getType() == Type.ANY;
    }

    private static Record record(Record question, InetAddress address) {
        return address instanceof Inet4Address ? new ARecord(question.getName(), DClass.IN, TTL, address)
                : new AAAARecord(question.getName(), DClass.IN, TTL, address);
    }

    /** Nothing for a name that is longer than those of RFC 1035 are. */
    private static Optional<Record> pointer(Record question, String name) {
        try {
            return Optional.of(new PTRRecord(question.getName(), DClass.IN, TTL, Name.fromString(name, Name.root)));
        } catch (TextParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<InetAddress> reverse(Name name) {
        try {
            return Optional.of(ReverseMap.fromName(name));
        } catch (UnknownHostException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
