package dev.tinydocker.web;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the dashboard does to containers. A deed has a platform thread of its own, since it may block in the kernel; who
 * asked is told how it ended, or after a while that it goes on.
 */
@Component
final class Deeds {

    private static final Logger LOG = LoggerFactory.getLogger(Deeds.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int AT_A_TIME = 8;

    private final ObjectProvider<ContainerService> containers;
    private final Semaphore free = new Semaphore(AT_A_TIME);
    private final Map<String, Deed> deeds = Map.of("stop", (service, id) -> service.stop(id, null, null), "kill",
            (service, id) -> service.kill(id, Signal.SIGKILL), "remove", (service, id) -> service.remove(id, false));

    Deeds(ObjectProvider<ContainerService> containers) {
        this.containers = containers;
    }

    private interface Deed {
        void execute(ContainerService service, String id);
    }

    Answer answer(String id, String what) {
        Deed deed = deeds.get(what);
        if (deed == null) {
            return Answer.text(Answer.NOT_FOUND, "there is no such deed");
        }
        if (!free.tryAcquire()) {
            return Answer.text(Answer.BUSY, AT_A_TIME + " deeds are under way already");
        }
        LOG.info("the dashboard asks: {} {}", what, id);
        CompletableFuture<Answer> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("deed").start(() -> {
            try {
                done.complete(execute(deed, id));
            } finally {
                free.release();
                done.complete(Answer.text(Answer.FAILED, "it failed unexpectedly; see the engine's log"));
            }
        });
        try {
            return done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Answer.text(Answer.ACCEPTED, "it takes longer, and goes on");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.text(Answer.ACCEPTED, "it goes on");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer execute(Deed deed, String id) {
        try {
            deed.execute(containers.getObject(), id);
            return Answer.text(Answer.OK, "done");
        } catch (Problem problem) {
            return Answer.of(problem);
        } catch (RuntimeException e) {
            LOG.error("a deed failed unexpectedly", e);
            return Answer.text(Answer.FAILED, "it failed unexpectedly; see the engine's log");
        }
    }
}
