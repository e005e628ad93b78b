package dev.tinydocker.network.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A name server on loopback, asked by the library's own resolver; so are those that it asks. */
@Timeout(30)
class NameServerTests {

    private static final InetAddress LO = InetAddress.getLoopbackAddress();
    private static final InetAddress WEB = InetAddress.ofLiteral("10.7.0.2");
    private static final InetAddress LONG_NAMED = InetAddress.ofLiteral("10.7.0.3");
    private static final InetAddress WEB_6 = InetAddress.ofLiteral("fd07::2");
    /** What whoever answers has time for, and what those are waited for who do not. */
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofMillis(300);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<InetSocketAddress> servers = new ArrayList<>();
    private final List<InetAddress> web = new ArrayList<>(List.of(WEB));
    private boolean stranger;
    private boolean outside = true;
    private Listener listener;

    /** One container, web, in 10.7.0.0/24. */
    private final class OneContainer implements Directory {

        @Override
        public Optional<Asker> asker(InetAddress server, InetAddress from) {
            return stranger ? Optional.empty() : Optional.of(new Asker(List.of(1L), outside, List.copyOf(servers)));
        }

        @Override
        public List<InetAddress> addresses(Asker asker, String name) {
            return name.equals("web") ? web : List.of();
        }

        @Override
        public Optional<String> name(Asker asker, InetAddress address) {
            return address.equals(WEB) ? Optional.of("web.net")
                    : address.equals(LONG_NAMED) ? Optional.of("x".repeat(64) + ".net") : Optional.empty();
        }

        @Override
        public boolean isInside(Asker asker, InetAddress address) {
            return address.getHostAddress().startsWith("10.7.0.");
        }
    }

    @BeforeEach
    void start() throws IOException {
        start(LONG);
    }

    /** @param patience with each server that is asked */
    private void start(Duration patience) throws IOException {
        listener = new Listener(LO, new Answerer(new OneContainer(),
                new Forwarder(new HostServers(Path.of("/nonexistent")), patience, patience.multipliedBy(4))));
        open.add(listener);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void aContainerHasItsAddressWhateverTheCaseOfItsName() throws IOException {
        Message answer = ask("WeB", Type.A);
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(answers(answer)).containsExactly("10.7.0.2");
        assertThat(answer.getSection(Section.ANSWER).getFirst().getName()).hasToString("WeB.");
    }

    @Test
    void whatThereIsNotOfAContainerIsNothingAndNotAMistake() throws IOException {
        for (int type : new int[] { Type.AAAA, Type.MX, Type.HTTPS }) {
            Message answer = ask("web", type);
            assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(answers(answer)).isEmpty();
        }
    }

    @Test
    void bothKindsOfAddressesAreKnown() throws IOException {
        web.add(WEB_6);
        assertThat(answers(ask("web", Type.AAAA))).containsExactly("fd07:0:0:0:0:0:0:2");
        assertThat(answers(ask("web", Type.A))).containsExactly("10.7.0.2");
        assertThat(answers(ask("web", Type.ANY))).hasSize(2);
    }

    @Test
    void anAddressHasItsName() throws IOException {
        assertThat(answers(ask(ReverseMap.fromAddress(WEB), Type.PTR))).containsExactly("web.net.");
        assertThat(ask(ReverseMap.fromAddress("10.7.0.9"), Type.PTR).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(ask(ReverseMap.fromAddress("192.0.2.1"), Type.PTR).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void aNameThatIsTooLongForAnAnswerIsNone() throws IOException {
        Message answer = ask(ReverseMap.fromAddress(LONG_NAMED), Type.PTR);
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answers(answer)).isEmpty();
    }

    @Test
    void aStrangerGetsNoAnswer() {
        stranger = true;
        assertThatThrownBy(() -> ask("web", Type.A)).isInstanceOf(IOException.class);
    }

    @Test
    void otherNamesAreAskedOfOthersAndRememberedForAsLongAsTheyHold() throws IOException {
        TestUpstream upstream = upstream(TestUpstream.of(query -> answer(query, 60, "192.0.2.7")));
        Message first = ask("example.org", Type.A);
        assertThat(answers(first)).containsExactly("192.0.2.7");
        assertThat(first.getHeader().getFlag(Flags.AA)).isFalse();
        assertThat(answers(ask("EXAMPLE.org", Type.A))).containsExactly("192.0.2.7");
        assertThat(upstream.asked).hasValue(1);
    }

    @Test
    void whatHoldsForNoTimeIsNotRemembered() throws IOException {
        TestUpstream upstream = upstream(TestUpstream.of(query -> answer(query, 0, "192.0.2.7")));
        ask("example.org", Type.A);
        ask("example.org", Type.A);
        assertThat(upstream.asked).hasValue(2);
    }

    @Test
    void oneThatIsSilentIsFollowedByTheNextAndComesLastFromThenOn() throws IOException {
        start(Duration.ofSeconds(1));
        TestUpstream silent = upstream(TestUpstream.silent());
        upstream(TestUpstream.of(query -> answer(query, 0, "192.0.2.7")));
        assertThat(answers(ask("example.org", Type.A))).containsExactly("192.0.2.7");
        assertThat(answers(ask("example.org", Type.A))).containsExactly("192.0.2.7");
        assertThat(silent.asked).hasValue(1);
    }

    @Test
    void oneThatDoesNotKnowIsFollowedByTheNext() throws IOException {
        upstream(TestUpstream.of(query -> Messages.answer(query, Rcode.REFUSED)));
        upstream(TestUpstream.of(query -> answer(query, 0, "192.0.2.7")));
        assertThat(answers(ask("example.org", Type.A))).containsExactly("192.0.2.7");
    }

    @Test
    void oneThatDoesNotKnowEdnsIsAskedWithoutIt() throws IOException {
        TestUpstream old = upstream(TestUpstream.of(query -> {
            if (query.getOPT() == null) {
                return answer(query, 0, "192.0.2.7");
            }
            Message refusal = new Message(query.getHeader().getID());
            refusal.getHeader().setFlag(Flags.QR);
            refusal.getHeader().setRcode(Rcode.FORMERR);
            return refusal;
        }));
        assertThat(answers(ask("example.org", Type.A))).containsExactly("192.0.2.7");
        assertThat(old.asked).hasValue(2);
    }

    @Test
    void thatNobodyIsCalledSoIsAnAnswer() throws IOException {
        TestUpstream upstream = upstream(TestUpstream.of(query -> Messages.answer(query, Rcode.NXDOMAIN)));
        upstream(TestUpstream.of(query -> answer(query, 0, "192.0.2.7")));
        assertThat(ask("example.org", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(upstream.asked).hasValue(1);
    }

    @Test
    void whereAllAreSilentTheQuestionFails() throws IOException {
        start(SOON);
        upstream(TestUpstream.silent());
        upstream(TestUpstream.silent());
        assertThat(ask("example.org", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void whereThereIsNobodyToAskTheQuestionFails() throws IOException {
        assertThat(ask("example.org", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        upstream(TestUpstream.of(query -> answer(query, 0, "192.0.2.7")));
        outside = false;
        assertThat(ask("example.org", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(answers(ask("web", Type.A))).containsExactly("10.7.0.2");
    }

    @Test
    void anAnswerThatIsTooLongComesByTcpFromThereToTheAsker() throws IOException {
        upstream(new TestUpstream(query -> {
            Message cut = Messages.answer(query, Rcode.NOERROR);
            cut.getHeader().setFlag(Flags.TC);
            return List.of(cut.toWire());
        }, query -> List.of(longAnswer(query).toWire())));
        Message cut = resolver().send(query("example.org", Type.TXT));
        assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(cut.numBytes()).isLessThanOrEqualTo(Messages.DATAGRAM);
        assertThat(ask("example.org", Type.TXT).getSection(Section.ANSWER)).hasSize(40);
    }

    @Test
    void whatSomebodyElseAnswersIsPassedOver() throws IOException {
        upstream(new TestUpstream(query -> {
            Message forged = answer(query, 60, "192.0.2.66");
            forged.getHeader().setID(query.getHeader().getID() ^ 1);
            Message other = answer(Message.newQuery(record("example.com", Type.A)), 60, "192.0.2.66");
            other.getHeader().setID(query.getHeader().getID());
            return List.of(new byte[] { 1, 2, 3 }, forged.toWire(), other.toWire(), query.toWire(),
                    answer(query, 60, "192.0.2.7").toWire());
        }, _ -> List.of()));
        assertThat(answers(ask("example.org", Type.A))).containsExactly("192.0.2.7");
    }

    @Test
    void whatIsNoQuestionIsRefusedInAFewBytes() throws IOException {
        byte[] plain = query("web", Type.A).toWire();
        byte[] answer = plain.clone();
        answer[2] |= (byte) 0x80;
        assertThat(send(answer, SOON)).as("an answer").isEmpty();
        assertThat(send(new byte[5], SOON)).as("five bytes").isEmpty();
        assertThat(rcode(send(Arrays.copyOf(plain, 14), LONG))).isEqualTo(Rcode.FORMERR);
        assertThat(rcode(send(new byte[4096], LONG))).isEqualTo(Rcode.FORMERR);
        Message update = query("web", Type.A);
        update.getHeader().setOpcode(Opcode.UPDATE);
        assertThat(rcode(send(update.toWire(), LONG))).isEqualTo(Rcode.NOTIMP);
        assertThat(rcode(send(Message.newQuery(record("web", Type.AXFR)).toWire(), LONG))).isEqualTo(Rcode.REFUSED);
        assertThat(rcode(send(Message.newQuery(Record.newRecord(name("web"), Type.A, DClass.CH)).toWire(), LONG)))
                .isEqualTo(Rcode.REFUSED);
    }

    @Test
    void noGarbageEndsTheServer() throws IOException {
        upstream(TestUpstream.of(query -> answer(query, 0, "192.0.2.7")));
        Random random = new Random(4);
        byte[] plain = Messages.query(query("web", Type.A)).toWire();
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 5000; i++) {
                byte[] bytes = Arrays.copyOf(plain, plain.length + random.nextInt(20) - 10);
                for (int j = random.nextInt(6); j >= 0; j--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                socket.send(new DatagramPacket(bytes, bytes.length, LO, listener.ports().datagrams()));
            }
        }
        // Datagrams that come faster than they are read are lost, this one too.
        Awaitility.await().atMost(LONG.multipliedBy(4)).ignoreException(IOException.class)
                .until(() -> answers(ask("web", Type.A)).equals(List.of("10.7.0.2")));
    }

    @Test
    void oneConnectionCarriesManyQuestions() throws IOException {
        byte[] question = query("web", Type.A).toWire();
        try (Socket socket = new Socket(LO, listener.ports().streams())) {
            socket.setSoTimeout(5000);
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(new byte[] { 0, (byte) question.length });
                socket.getOutputStream().write(question);
                int length = socket.getInputStream().read() << 8 | socket.getInputStream().read();
                assertThat(answers(new Message(socket.getInputStream().readNBytes(length))))
                        .containsExactly("10.7.0.2");
            }
        }
    }

    @Test
    void oneAskerHasAFewConnectionsOnly() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            sockets.add(new Socket(LO, listener.ports().streams()));
        }
        sockets.getLast().setSoTimeout(5000);
        assertThat(sockets.getLast().getInputStream().read()).isEqualTo(-1);
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private TestUpstream upstream(TestUpstream upstream) {
        open.add(upstream);
        servers.add(upstream.address());
        return upstream;
    }

    private SimpleResolver resolver() {
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(LO, listener.ports().datagrams()));
        resolver.setTimeout(stranger ? SOON : LONG);
        resolver.setIgnoreTruncation(true);
        return resolver;
    }

    private Message ask(String name, int type) throws IOException {
        return ask(name(name), type);
    }

    private Message ask(Name name, int type) throws IOException {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        Message answer = resolver().send(query);
        if (!answer.getHeader().getFlag(Flags.TC)) {
            return answer;
        }
        SimpleResolver again = new SimpleResolver(new InetSocketAddress(LO, listener.ports().streams()));
        again.setTCP(true);
        return again.send(query);
    }

    /** Sends that, and returns what comes back in time; nothing where nothing does. */
    private byte[] send(byte[] bytes, Duration patience) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) patience.toMillis());
            socket.send(new DatagramPacket(bytes, bytes.length, LO, listener.ports().datagrams()));
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            socket.receive(packet);
            return Arrays.copyOf(packet.getData(), packet.getLength());
        } catch (SocketTimeoutException e) {
            return new byte[0];
        }
    }

    private static int rcode(byte[] answer) throws IOException {
        assertThat(answer).hasSizeLessThan(64);
        return new Message(answer).getRcode();
    }

    private static Name name(String name) throws IOException {
        return Name.fromString(name, Name.root);
    }

    private static Record record(String name, int type) {
        try {
            return Record.newRecord(name(name), type, DClass.IN);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Message query(String name, int type) {
        return Message.newQuery(record(name, type));
    }

    private static Message answer(Message query, long ttl, String address) {
        Message answer = Messages.answer(query, Rcode.NOERROR);
        answer.addRecord(new ARecord(query.getQuestion().getName(), DClass.IN, ttl, InetAddress.ofLiteral(address)),
                Section.ANSWER);
        return answer;
    }

    private static Message longAnswer(Message query) {
        Message answer = Messages.answer(query, Rcode.NOERROR);
        for (int i = 0; i < 40; i++) {
            answer.addRecord(new TXTRecord(query.getQuestion().getName(), DClass.IN, 60, i + "x".repeat(200)),
                    Section.ANSWER);
        }
        return answer;
    }

    private static List<String> answers(Message answer) {
        return answer.getSection(Section.ANSWER).stream().map(record -> record instanceof ARecord address
                ? address.getAddress().getHostAddress() : record.rdataToString()).toList();
    }
}
