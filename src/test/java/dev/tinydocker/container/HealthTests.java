package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.container.Health.Result;
import dev.tinydocker.container.Health.Status;
import dev.tinydocker.image.ImageConfig;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

class HealthTests {

    private static final Instant START = Instant.parse("2026-05-17T12:00:00Z");
    private static final long SECOND = 1_000_000_000L;
    private static final Healthcheck IMAGE = new Healthcheck(List.of("CMD", "probe", "-q"), 10 * SECOND, 2 * SECOND,
            60 * SECOND, SECOND, 2);

    private static Result result(int second, int exitCode) {
        return new Result(START.plusSeconds(second), START.plusSeconds(second + 1), exitCode, "said");
    }

    private static Health after(Healthcheck check, Result... results) {
        Health health = Health.BEGINNING;
        for (Result result : results) {
            health = health.after(result, check, START);
        }
        return health;
    }

    @Test
    void aSuccessIsHealthyAndFailuresOneAfterTheOtherAreNot() {
        assertThat(after(IMAGE, result(1, 0)).status()).isEqualTo(Status.HEALTHY);
        assertThat(after(IMAGE, result(1, 0), result(2, 1))).satisfies(health -> {
            assertThat(health.status()).isEqualTo(Status.HEALTHY);
            assertThat(health.streak()).isOne();
        });
        Health sick = after(IMAGE, result(1, 0), result(2, 1), result(3, -1));
        assertThat(sick.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(sick.after(result(4, 0), IMAGE, START)).satisfies(health -> {
            assertThat(health.status()).isEqualTo(Status.HEALTHY);
            assertThat(health.streak()).isZero();
        });
    }

    @Test
    void failuresDoNotCountWhileItMayStillBeStarting() {
        assertThat(after(IMAGE, result(1, 1), result(20, 1), result(59, 1)))
                .satisfies(health -> assertThat(health.status()).isEqualTo(Status.STARTING))
                .satisfies(health -> assertThat(health.streak()).isZero());
        assertThat(after(IMAGE, result(59, 1), result(60, 1), result(70, 1)).status()).isEqualTo(Status.UNHEALTHY);
        assertThat(after(IMAGE, result(1, 0), result(2, 1), result(3, 1)).status()).isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void fiveResultsAreKept() {
        Health health = Health.BEGINNING;
        for (int i = 1; i <= 8; i++) {
            health = health.after(result(i, i), IMAGE, START);
        }
        assertThat(health.results()).extracting(Result::exitCode).containsExactly(4, 5, 6, 7, 8);
    }

    @Test
    void aWishGoesBeforeTheImage() {
        Healthcheck times = new Healthcheck(List.of(), 0, 5 * SECOND, 0, 0, 7);
        assertThat(Healthcheck.merged(times, IMAGE)).isEqualTo(new Healthcheck(IMAGE.test(), 10 * SECOND, 5 * SECOND,
                60 * SECOND, SECOND, 7));
        assertThat(Healthcheck.merged(null, IMAGE)).isEqualTo(IMAGE);
        assertThat(Healthcheck.merged(Healthcheck.NONE, IMAGE)).isNull();
        assertThat(Healthcheck.merged(times, null)).isNull();
        assertThat(Healthcheck.merged(null, Healthcheck.NONE)).isNull();
        assertThat(Healthcheck.merged(null, null)).isNull();
    }

    @Test
    void whatIsExecuted() {
        assertThat(IMAGE.command()).containsExactly("probe", "-q");
        assertThat(new Healthcheck(List.of("CMD-SHELL", "a || b"), 0, 0, 0, 0, 0).command())
                .containsExactly("/bin/sh", "-c", "a || b");
        assertThat(new Healthcheck(List.of("CMD"), 0, 0, 0, 0, 0).command()).isEmpty();
        assertThat(new Healthcheck(List.of("RUN", "a"), 0, 0, 0, 0, 0).command()).isEmpty();
    }

    @Test
    void timesThatNobodyGaveAreDockers() {
        Healthcheck plain = new Healthcheck(List.of("CMD", "a"), 0, 0, 0, 0, 0);
        assertThat(plain.pause(Duration.ZERO, true)).isEqualTo(Duration.ofSeconds(30));
        assertThat(plain.patience()).isEqualTo(Duration.ofSeconds(30));
        assertThat(plain.failures()).isEqualTo(3);
        assertThat(IMAGE.pause(Duration.ofSeconds(59), true)).isEqualTo(Duration.ofSeconds(1));
        assertThat(IMAGE.pause(Duration.ofSeconds(59), false)).isEqualTo(Duration.ofSeconds(10));
        assertThat(IMAGE.pause(Duration.ofSeconds(60), true)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void nonsenseInAnImageHarmsNobody() {
        Healthcheck wild = Healthcheck.of(new ImageConfig.Healthcheck(Arrays.asList("CMD", null, "a"), 1,
                Long.MIN_VALUE,
                Long.MAX_VALUE, -1, Integer.MIN_VALUE));
        assertThat(wild).isNotNull();
        assertThat(wild.command()).containsExactly("a");
        assertThat(wild.pause(Duration.ofDays(1000), true)).isEqualTo(Duration.ofMillis(1));
        assertThat(wild.pause(Duration.ZERO, true)).isEqualTo(Duration.ofSeconds(5));
        assertThat(wild.patience()).isEqualTo(Duration.ofSeconds(30));
        assertThat(wild.failures()).isEqualTo(3);
    }
}
