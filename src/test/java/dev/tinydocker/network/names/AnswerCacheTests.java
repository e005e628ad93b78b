package dev.tinydocker.network.names;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;

class AnswerCacheTests {

    private long now;
    private final AnswerCache cache = new AnswerCache(() -> now);

    @Test
    void anAnswerGrowsOldAndGoes() {
        cache.keep(key("a"), address("a", 60));
        now = 59;
        Message kept = cache.find(key("a")).orElseThrow();
        assertThat(kept.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(1);
        assertThat(((ARecord) kept.getSection(Section.ANSWER).getFirst()).getAddress().getHostAddress())
                .isEqualTo("192.0.2.7");
        now = 60;
        assertThat(cache.find(key("a"))).isEmpty();
    }

    @Test
    void noAnswerHoldsForMoreThanADay() {
        cache.keep(key("a"), address("a", 1_000_000));
        now = 86_400;
        assertThat(cache.find(key("a"))).isEmpty();
    }

    @Test
    void thatThereIsNothingHoldsAsLongAsItsZoneSays() {
        Message nothing = Messages.answer(query("a"), Rcode.NXDOMAIN);
        cache.keep(key("a"), nothing);
        assertThat(cache.find(key("a"))).as("without a zone").isEmpty();
        nothing.addRecord(new SOARecord(Name.root, DClass.IN, 900, Name.root, Name.root, 1, 1, 1, 1, 30),
                Section.AUTHORITY);
        cache.keep(key("a"), nothing);
        now = 29;
        assertThat(cache.find(key("a"))).isPresent();
        now = 30;
        assertThat(cache.find(key("a"))).isEmpty();
    }

    @Test
    void anAliasOfNothingHoldsNoLongerThanThatNothing() {
        Message alias = Messages.answer(query("a"), Rcode.NOERROR);
        alias.addRecord(new CNAMERecord(name("a"), DClass.IN, 3600, name("b")), Section.ANSWER);
        alias.addRecord(new SOARecord(Name.root, DClass.IN, 900, Name.root, Name.root, 1, 1, 1, 1, 30),
                Section.AUTHORITY);
        cache.keep(key("a"), alias);
        now = 29;
        assertThat(cache.find(key("a"))).isPresent();
        now = 30;
        assertThat(cache.find(key("a"))).isEmpty();
    }

    @Test
    void aFailureIsNotKept() {
        cache.keep(key("a"), Messages.answer(query("a"), Rcode.SERVFAIL));
        assertThat(cache.find(key("a"))).isEmpty();
    }

    @Test
    void whatOthersAreAskedIsAnotherQuestion() {
        cache.keep(key("a"), address("a", 60));
        assertThat(cache.find(AnswerCache.Key.of(List.of(new InetSocketAddress("192.0.2.53", 53)), query("a"))))
                .isEmpty();
        assertThat(cache.find(key("b"))).isEmpty();
    }

    @Test
    void theOldestGoWhereThereIsNoRoom() {
        for (int i = 0; i < 2000; i++) {
            Message answer = Messages.answer(query("n" + i), Rcode.NOERROR);
            answer.addRecord(new TXTRecord(name("n" + i), DClass.IN, 60, IntStream.range(0, 40)
                    .mapToObj(_ -> "x".repeat(200)).toList()), Section.ANSWER);
            cache.keep(key("n" + i), answer);
            assertThat(cache.find(key("n0"))).isPresent();
        }
        assertThat(cache.find(key("n1"))).isEmpty();
        assertThat(cache.find(key("n1999"))).isPresent();
        assertThat(IntStream.range(0, 2000).filter(i -> cache.find(key("n" + i)).isPresent()).count())
                .isBetween(400L, 600L);
    }

    private static Message address(String name, long ttl) {
        Message answer = Messages.answer(query(name), Rcode.NOERROR);
        answer.addRecord(new ARecord(name(name), DClass.IN, ttl, InetAddress.ofLiteral("192.0.2.7")), Section.ANSWER);
        return answer;
    }

    private static AnswerCache.Key key(String name) {
        return AnswerCache.Key.of(List.of(), query(name));
    }

    private static Message query(String name) {
        return Message.newQuery(Record.newRecord(name(name), Type.A, DClass.IN));
    }

    private static Name name(String name) {
        return Name.fromConstantString(name + ".");
    }
}
