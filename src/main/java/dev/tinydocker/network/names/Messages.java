package dev.tinydocker.network.names;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Messages of RFC 1035 and RFC 6891 as this server reads and writes them. */
final class Messages {

    /** What a datagram carries without being cut to pieces on the way, with IPv6 too. */
    static final int DATAGRAM = 1232;
    static final int LARGEST = 0xffff;

    private static final int WITHOUT_EDNS = 512;
    private static final List<Integer> SECTIONS = List.of(Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL);

    private Messages() {
    }

    /** An answer without records. */
    static Message answer(Message query, int rcode) {
        Message answer = new Message(query.getHeader().getID());
        Header header = answer.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.RA);
        header.setOpcode(query.getHeader().getOpcode());
        if (query.getHeader().getFlag(Flags.RD)) {
            header.setFlag(Flags.RD);
        }
        header.setRcode(rcode & 0xf);
        if (query.getQuestion() != null) {
            answer.addRecord(query.getQuestion(), Section.QUESTION);
        }
        OPTRecord asked = query.getOPT();
        if (asked != null) {
            answer.addRecord(new OPTRecord(DATAGRAM, rcode >> 4, 0, asked.getFlags() & Flags.DO), Section.ADDITIONAL);
        }
        return answer;
    }

    /** The same answer to another who has asked the same. */
    static Message answer(Message query, Message known) {
        Message answer = answer(query, known.getRcode());
        if (known.getHeader().getFlag(Flags.AD)) {
            answer.getHeader().setFlag(Flags.AD);
        }
        for (int section : SECTIONS) {
            known.getSection(section).stream().filter(record -> record.getType() != Type.OPT)
                    .forEach(record -> answer.addRecord(record, section));
        }
        return answer;
    }

    /** The question as this server asks it of others: with a number of its own. */
    static Message query(Message asked) {
        Message query = Message.newQuery(asked.getQuestion());
        Header header = query.getHeader();
        for (int flag : new int[] { Flags.RD, Flags.CD, Flags.AD }) {
            if (asked.getHeader().getFlag(flag)) {
                header.setFlag(flag);
            } else {
                header.unsetFlag(flag);
            }
        }
        query.addRecord(new OPTRecord(DATAGRAM, 0, 0, isSecured(asked) ? Flags.DO : 0), Section.ADDITIONAL);
        return query;
    }

    /** Whether whoever asks wants signatures too, RFC 4035. */
    static boolean isSecured(Message asked) {
        OPTRecord options = asked.getOPT();
        return options != null && (options.getFlags() & Flags.DO) != 0;
    }

    /** Whether that is what was asked, and nothing that somebody else has made up. */
    static boolean isAnswer(Message query, Message answer) {
        Record question = answer.getQuestion();
        return answer.getHeader().getFlag(Flags.QR) && answer.getHeader().getID() == query.getHeader().getID()
                && (question == null ? isRefusal(answer) : question.equals(query.getQuestion()));
    }

    /** Who cannot read a question does not repeat it either. */
    private static boolean isRefusal(Message answer) {
        return answer.getRcode() == Rcode.FORMERR || answer.getRcode() == Rcode.NOTIMP;
    }

    /** Whether that is the answer of a server older than RFC 6891, which is to be asked without that; 6.2.2. */
    static boolean isOfOldServer(Message answer) {
        return isRefusal(answer) && answer.getOPT() == null;
    }

    /** The same question, as RFC 1035 has it. */
    static Message withoutEdns(Message query) {
        Message plain = query.clone();
        plain.removeAllRecords(Section.ADDITIONAL);
        return plain;
    }

    /** Why a question is not answered, as a number of {@link Rcode}; NOERROR where it is. */
    static int refusal(Message query) {
        Record question = query.getQuestion();
        OPTRecord options = query.getOPT();
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            return Rcode.NOTIMP;
        }
        if (question == null || query.getHeader().getCount(Section.QUESTION) != 1) {
            return Rcode.FORMERR;
        }
        if (options != null && options.getVersion() != 0) {
            return Rcode.BADVERS;
        }
        boolean transfer = question.getType() == Type.AXFR || question.getType() == Type.IXFR;
        return question.getDClass() != DClass.IN || transfer ? Rcode.REFUSED : Rcode.NOERROR;
    }

    /** How long an answer by datagram may be. */
    static int longest(Message query) {
        OPTRecord options = query.getOPT();
        return options == null ? WITHOUT_EDNS : Math.clamp(options.getPayloadSize(), WITHOUT_EDNS, DATAGRAM);
    }

    /** @throws IOException for what is no message */
    static Message parse(byte[] bytes) throws IOException {
        try {
            return new Message(bytes);
        } catch (RuntimeException e) {
            // What the library did not foresee is no message either.
            throw new WireParseException("not a message", e);
        }
    }

    /** A record with another time to live: the library does not change one. */
    static Record withTtl(Record record, long ttl) throws IOException {
        byte[] bytes = record.toWire(Section.ANSWER);
        ByteBuffer.wrap(bytes).putInt(record.getName().length() + 4, (int) ttl);
        return Record.fromWire(bytes, Section.ANSWER);
    }

    /** Whether there is enough of a question to refuse it, and it is not an answer: nobody answers those. */
    static boolean isQuestion(byte[] bytes) {
        return bytes.length >= Header.LENGTH && (bytes[2] & 0x80) == 0;
    }
}
