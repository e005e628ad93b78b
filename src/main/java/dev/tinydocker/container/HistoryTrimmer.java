package dev.tinydocker.container;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps the history of containers short: when an engine begins, and once a day, because one may live for years. */
@Component
class HistoryTrimmer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryTrimmer.class);
    private static final Duration PERIOD = Duration.ofDays(1);

    private final ContainerRecord record;
    private final Duration period;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("history").factory());

    @Autowired
    HistoryTrimmer(ContainerRecord record) {
        this(record, PERIOD);
    }

    HistoryTrimmer(ContainerRecord record, Duration period) {
        this.record = record;
        this.period = period;
    }

    /** Returns when it was done for the first time. */
    void begin() {
        record.forgetOldHistory();
        clock.scheduleWithFixedDelay(this::again, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What fails today, as on a full disk, is done tomorrow: an exception would be the last time. */
    private void again() {
        try {
            record.forgetOldHistory();
        } catch (DataAccessException e) {
            LOG.error("cannot forget old history", e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
