package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** What is remembered of the networks there are. */
@Timeout(60)
@SuppressWarnings("NullAway")
class NetworksTests {

    private static final Runnable NOTHING = () -> { };

    private final List<Network> recorded = new CopyOnWriteArrayList<>();
    private final AtomicReference<Runnable> afterReading = new AtomicReference<>(NOTHING);
    private volatile @Nullable Thread changer;
    private final NetworkThread thread = new NetworkThread();
    private final NetworkRecord record = new NetworkRecord(new JdbcTemplate()) {

        @Override
        List<Network> list() {
            List<Network> seen = List.copyOf(recorded);
            afterReading.getAndSet(NOTHING).run();
            return seen;
        }

        @Override
        void insert(String id, String link, NewNetwork wish, boolean asked, @Nullable Pool pool,
                @Nullable Pool6 pool6) {
            recorded.add(new Network(recorded.size(), id, wish.name(), wish.driver(), link, asked, pool, pool6, false,
                    Map.of(), Map.of(), Instant.EPOCH));
            changer = Thread.currentThread();
        }
    };
    private final Networks networks = new Networks(record, null, null, new Subnets(record, null, null, null, null), null,
            thread);

    @AfterEach
    void close() {
        thread.close();
    }

    private Network create(String name) {
        return networks.create(new NetworkParser(name, Driver.NONE).wish(false, false));
    }

    /** Else what was seen before would be remembered after it. */
    @Test
    void whatIsMadeWhileSomebodyReadsTheRecordIsFoundByAll() throws InterruptedException {
        record.insert("f".repeat(64), "", new NetworkParser("first", Driver.NONE).wish(false, false), false, null, null);
        Thread maker = Thread.ofPlatform().unstarted(() -> create("second"));
        afterReading.set(() -> {
            changer = null;
            maker.start();
            // It is done, or waits for who reads.
            Awaitility.await().until(() -> !maker.isAlive()
                    || changer != null && changer.getState() == Thread.State.BLOCKED);
        });
        assertThat(networks.find("first").name()).isEqualTo("first");
        maker.join();
        assertThat(networks.find("second").name()).isEqualTo("second");
    }
}
