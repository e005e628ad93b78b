package dev.tinydocker.linux;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells which tables are removed from the packet filter, by whomever. Waits for it: for a platform thread of its own.
 */
public final class TableRemovals implements AutoCloseable {

    /** linux/netlink.h and linux/netfilter/nfnetlink.h, nf_tables.h. */
    static final int NETLINK_NETFILTER = 12;
    private static final int NFNLGRP_NFTABLES = 7;
    private static final int NFT_MSG_DELTABLE = 10 << 8 | 2;
    private static final int NFGENMSG = 4;
    private static final int NFTA_TABLE_NAME = 1;

    private final NetlinkSocket socket;

    private TableRemovals(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Listens from now on; the caller closes it.
     *
     * @throws SyscallException where the kernel tells nobody
     */
    public static TableRemovals open() {
        NetlinkSocket socket = NetlinkSocket.open(NETLINK_NETFILTER, "nftables");
        try {
            socket.join(NFNLGRP_NFTABLES);
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
        return new TableRemovals(socket);
    }

    /**
     * Waits until the packet filter is changed.
     *
     * @return the names of tables that went, of whatever family; empty where something else was changed
     * @throws SyscallException ENOBUFS where more was changed than could be told
     */
    public List<String> next() {
        List<String> names = new ArrayList<>();
        socket.listen(NFT_MSG_DELTABLE, payload -> names
                .add(NetlinkReader.text(NetlinkReader.attributes(payload, NFGENMSG), NFTA_TABLE_NAME)));
        return names;
    }

    /** One who waits goes on waiting until the packet filter is changed. */
    @Override
    public void close() {
        socket.close();
    }
}
