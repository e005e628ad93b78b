package dev.tinydocker.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Tells which tables are removed from the packet filter, or rules of them, by whomever. Waits for it: for a platform
 * thread of its own.
 */
public final class TableRemovals implements AutoCloseable {

    /** linux/netfilter/nfnetlink.h, nf_tables.h. */
    private static final int NFNLGRP_NFTABLES = 7;
    private static final int NFT_MSG_DELTABLE = 10 << 8 | 2;
    private static final int NFT_MSG_DELRULE = 10 << 8 | 8;
    /** Of both messages: NFTA_TABLE_NAME, NFTA_RULE_TABLE. */
    private static final int TABLE = 1;

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
        NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETLINK_NETFILTER, "nftables");
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
     * @return the names of tables that went, or rules of theirs, of whatever family; empty where something else was
     *         changed
     * @throws SyscallException ENOBUFS where more was changed than could be told
     */
    public List<String> next() {
        List<String> names = new ArrayList<>();
        socket.listen(Set.of(NFT_MSG_DELTABLE, NFT_MSG_DELRULE), payload -> names
                .add(NetlinkReader.text(NetlinkReader.attributes(payload, NetlinkSocket.NFGENMSG), TABLE)));
        return names;
    }

    /** One who waits goes on waiting until the packet filter is changed. */
    @Override
    public void close() {
        socket.close();
    }
}
