package dev.tinydocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.ref.Cleaner;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;

/**
 * SHA-256 with the processor's own instructions, by the host's libcrypto. The engine's JVM compiles with C1 only, whose
 * SHA-256 is eleven times slower: 1.5 s for 200 MB. Where there is no such library, Java computes it. Not for several
 * threads.
 */
public final class Sha256 extends MessageDigest {

    private static final int BYTES = 32;
    private static final int BUFFER = 1 << 16;
    private static final Cleaner CLEANER = Cleaner.create();

    private final boolean wanted;
    private @Nullable Memory buffer;
    private int filled;
    private @Nullable Context context;
    private @Nullable MessageDigest java;

    public Sha256() {
        this(true);
    }

    /** @param wanted whether the library is used where it is */
    Sha256(boolean wanted) {
        super("SHA-256");
        this.wanted = wanted;
    }

    /** libcrypto's functions as they are: EVP_DigestInit(3ssl). */
    private static final class Crypto {

        private static final Logger LOG = LoggerFactory.getLogger(Crypto.class);
        private static final boolean LOADED = load();

        private static boolean load() {
            for (String name : List.of("libcrypto.so.3", "libcrypto.so.1.1")) {
                try {
                    Native.register(Crypto.class, NativeLibrary.getInstance(name));
                    return true;
                } catch (UnsatisfiedLinkError e) {
                    LOG.debug("{} is not here", name, e);
                }
            }
            LOG.info("there is no libcrypto here; digests take their time");
            return false;
        }

        static native Pointer EVP_MD_CTX_new();

        static native void EVP_MD_CTX_free(Pointer context);

        static native Pointer EVP_sha256();

        static native int EVP_DigestInit_ex(Pointer context, Pointer type, @Nullable Pointer engine);

        static native int EVP_DigestUpdate(Pointer context, Pointer bytes, long count);

        static native int EVP_DigestFinal_ex(Pointer context, Pointer digest, @Nullable Pointer length);
    }

    /**
     * What libcrypto keeps between updates; freed when it has given its digest, or when nobody can ask for it any more.
     */
    private static final class Context {

        private final Pointer pointer;
        private final Cleaner.Cleanable freed;

        Context(Sha256 owner) {
            Pointer made = Crypto.EVP_MD_CTX_new();
            pointer = made;
            freed = CLEANER.register(owner, () -> Crypto.EVP_MD_CTX_free(made));
            check(Crypto.EVP_DigestInit_ex(made, Crypto.EVP_sha256(), null));
        }

        static void check(int result) {
            if (result != 1) {
                throw new IllegalStateException("libcrypto computes no SHA-256");
            }
        }
    }

    /** Whether this host has the library; loads it. */
    static boolean isNative() {
        return Crypto.LOADED;
    }

    @Override
    protected int engineGetDigestLength() {
        return BYTES;
    }

    @Override
    protected void engineUpdate(byte one) {
        engineUpdate(new byte[] { one }, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        Memory into = buffer();
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == BUFFER) {
                flush(into);
            }
            int count = Math.min(left, BUFFER - filled);
            into.write(filled, bytes, at, count);
            filled += count;
            at += count;
            left -= count;
        }
    }

    /** From the first byte to the digest: memory of the C library's that no garbage collection knows the size of. */
    private Memory buffer() {
        Memory there = buffer;
        if (there == null) {
            there = new Memory(BUFFER);
            buffer = there;
        }
        return there;
    }

    /** The library is loaded for the first content that does not fit into the buffer. */
    private void flush(Memory full) {
        if (wanted && Crypto.LOADED) {
            if (context == null) {
                context = new Context(this);
            }
            Context.check(Crypto.EVP_DigestUpdate(context.pointer, full, filled));
        } else {
            if (java == null) {
                java = ofJava();
            }
            java.update(full.getByteArray(0, filled));
        }
        filled = 0;
    }

    private static MessageDigest ofJava() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    protected byte[] engineDigest() {
        try {
            Memory rest = buffer();
            if (context == null) {
                MessageDigest digest = java == null ? ofJava() : java;
                return digest.digest(rest.getByteArray(0, filled));
            }
            Context.check(Crypto.EVP_DigestUpdate(context.pointer, rest, filled));
            Context.check(Crypto.EVP_DigestFinal_ex(context.pointer, rest, null));
            return rest.getByteArray(0, BYTES);
        } finally {
            engineReset();
        }
    }

    @Override
    protected int engineDigest(byte[] into, int offset, int length) throws DigestException {
        if (length < BYTES) {
            throw new DigestException("a SHA-256 has " + BYTES + " bytes");
        }
        System.arraycopy(engineDigest(), 0, into, offset, BYTES);
        return BYTES;
    }

    @Override
    protected void engineReset() {
        filled = 0;
        java = null;
        if (buffer != null) {
            buffer.close();
            buffer = null;
        }
        if (context != null) {
            context.freed.clean();
            context = null;
        }
    }
}
