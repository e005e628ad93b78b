package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** The library's SHA-256 is Java's SHA-256. */
class Sha256Tests {

    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 63, 64, 65_535, 65_536, 65_537, 131_072, 1_000_000 })
    void itIsWhatJavaComputesHoweverItComes(int length) throws NoSuchAlgorithmException {
        compare(length, new Sha256());
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 65_536, 65_537, 1_000_000 })
    void withoutTheLibraryItIsTheSame(int length) throws NoSuchAlgorithmException {
        compare(length, new Sha256(false));
    }

    private static void compare(int length, Sha256 digest) throws NoSuchAlgorithmException {
        Random random = new Random(length);
        byte[] content = new byte[length];
        random.nextBytes(content);
        byte[] expected = MessageDigest.getInstance("SHA-256").digest(content);

        assertThat(digest.digest(content)).isEqualTo(expected);
        int at = 0;
        while (at < length) {
            int count = Math.min(length - at, 1 + random.nextInt(100_000));
            digest.update(content, at, count);
            at += count;
        }
        assertThat(digest.digest()).isEqualTo(expected);
    }

    @Test
    void whatWasPutInBeforeAResetDoesNotCount() {
        Sha256 digest = new Sha256();
        digest.update(new byte[200_000]);
        digest.reset();
        digest.update((byte) 'a');
        digest.update((byte) 'b');
        digest.update((byte) 'c');
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void theHostsLibraryIsUsed() {
        assertThat(Sha256.isNative()).isTrue();
    }
}
