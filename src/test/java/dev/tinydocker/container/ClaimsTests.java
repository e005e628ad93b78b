package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

@Timeout(20)
class ClaimsTests {

    private final Claims claims = new Claims();
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whatWasFoundBeforeARemovalIsNotRecorded() {
        long before = claims.removals();
        assertThat(claims.record(before, () -> "row")).contains("row");
        claims.remove(() -> order.add("removed"));
        assertThat(claims.record(before, () -> order.add("row"))).isEmpty();
        assertThat(claims.record(claims.removals(), () -> "row")).contains("row");
        assertThat(order).containsExactly("removed");
    }

    @Test
    void whoLooksDuringARemovalLooksAgain() {
        long[] during = new long[1];
        claims.remove(() -> during[0] = claims.removals());
        assertThat(claims.record(during[0], () -> "row")).isEmpty();
    }

    @Test
    void aRemovalWaitsForWhatIsBeingRecorded() throws InterruptedException {
        CountDownLatch recording = new CountDownLatch(1);
        Thread remover = Thread.ofPlatform().start(() -> {
            try {
                recording.await();
                claims.remove(() -> order.add("removed"));
            } catch (InterruptedException e) {
                order.add("interrupted");
            }
        });
        claims.record(claims.removals(), () -> {
            recording.countDown();
            // It stands at the lock, or it is about to; either way it must not pass.
            while (remover.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            return order.add("recorded");
        });
        remover.join();
        assertThat(order).containsExactly("recorded", "removed");
    }
}
