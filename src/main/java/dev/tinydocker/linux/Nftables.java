package dev.tinydocker.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.tinydocker.problem.HostLacks;

/**
 * The packet filter, nft(8), through its own library: no program is started. Each call is one transaction: the kernel
 * takes all of it or nothing. One call at a time; it blocks for a fraction of a millisecond: platform threads only.
 */
public final class Nftables implements AutoCloseable {

    private static final String LIBRARY = "libnftables.so.1";

    private final Pointer context;

    private Nftables(Pointer context) {
        this.context = context;
    }

    /** @throws HostLacks where the library is not installed, or the kernel speaks with nobody about packet filters */
    public static Nftables open() {
        if (!isThere()) {
            throw new HostLacks("use the packet filter", "there is no " + LIBRARY,
                    "install the package nftables, or use --net none");
        }
        // The library would end this process.
        try {
            NetlinkSocket.open(NetlinkSocket.NETLINK_NETFILTER, "nftables").close();
        } catch (SyscallException e) {
            throw new HostLacks("use the packet filter", String.valueOf(e.getMessage()),
                    "run 'modprobe nf_tables', or use a kernel that has CONFIG_NF_TABLES, or --net none", e);
        }
        Pointer context = Calls.nft_ctx_new(0);
        Calls.nft_ctx_buffer_output(context);
        Calls.nft_ctx_buffer_error(context);
        return new Nftables(context);
    }

    /** Whether the library is installed. */
    public static boolean isThere() {
        try {
            return Calls.LOADED;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            // The first attempt ends with the one, every later one with the other.
            return false;
        }
    }

    /**
     * Carries out commands as nft(8) has them, parted by newlines or semicolons.
     *
     * @return what they print
     * @throws NftablesException with nft's own words; nothing was changed
     */
    public synchronized String run(String commands) {
        int result = Calls.nft_run_cmd_from_buffer(context, commands);
        // Both are read and emptied by the call, also where the other one is wanted.
        String output = Calls.nft_ctx_get_output_buffer(context);
        String error = Calls.nft_ctx_get_error_buffer(context);
        if (result != 0) {
            throw new NftablesException(error);
        }
        return output;
    }

    @Override
    public synchronized void close() {
        Calls.nft_ctx_free(context);
    }

    /** libnftables(3). */
    private static final class Calls {

        static final boolean LOADED;

        static {
            Native.register(LIBRARY);
            LOADED = true;
        }

        static native Pointer nft_ctx_new(int flags);

        static native void nft_ctx_free(Pointer context);

        static native int nft_ctx_buffer_output(Pointer context);

        static native int nft_ctx_buffer_error(Pointer context);

        static native String nft_ctx_get_output_buffer(Pointer context);

        static native String nft_ctx_get_error_buffer(Pointer context);

        static native int nft_run_cmd_from_buffer(Pointer context, String commands);
    }
}
