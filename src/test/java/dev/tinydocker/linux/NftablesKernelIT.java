package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NftablesKernelIT {

    private final Nftables nftables = Nftables.open();

    @AfterEach
    void close() {
        nftables.run("add table inet tdtest; delete table inet tdtest");
        nftables.close();
    }

    @Test
    void aTransactionIsTakenAsAWholeOrNotAtAll() {
        nftables.run("add table inet tdtest\nadd set inet tdtest ports { type inet_service; }");
        assertThatThrownBy(() -> nftables
                .run("add element inet tdtest ports { 80 }; add element inet tdtest no { 81 }"))
                .isInstanceOf(NftablesException.class).hasMessageStartingWith("nft: ")
                .hasMessageContaining("No such file or directory").hasMessageNotContaining("^");
        assertThat(nftables.run("list table inet tdtest")).contains("set ports").doesNotContain("80");
    }

    @Test
    void whatIsNoCommandIsRefusedInWords() {
        assertThatThrownBy(() -> nftables.run("make it so")).hasMessageStartingWith("nft: syntax error");
        assertThat(nftables.run("add table inet tdtest")).isEmpty();
    }
}
