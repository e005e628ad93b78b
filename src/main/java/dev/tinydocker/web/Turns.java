package dev.tinydocker.web;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * So many answers there are at a time. An answer takes memory until its client has read it, and a client may take as
 * long over that as the server lets it: so a turn begins before the answer is made, and ends when it is sent.
 */
final class Turns {

    /** How long one waits for a turn, so that many who come at once are served one after the other. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Semaphore free;

    Turns(int most) {
        free = new Semaphore(most);
    }

    /** What is made, or that others have not read theirs yet. */
    Answer take(Supplier<Answer> page) {
        if (!begins()) {
            return Answer.text(Answer.BUSY, "too many read at the same time; ask again");
        }
        boolean made = false;
        try {
            Answer answer = page.get();
            made = true;
            return answer.then(free::release);
        } finally {
            if (!made) {
                free.release();
            }
        }
    }

    private boolean begins() {
        try {
            return free.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
