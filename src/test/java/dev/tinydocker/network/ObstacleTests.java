package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.LegacyFilter;
import org.junit.jupiter.api.Test;

/** Listings as nft(8) prints them of Docker 20.10's, ufw's and firewalld 1.3's rules. */
class ObstacleTests {

    private static final String IPTABLES = """
            table ip filter {
            \tchain DOCKER-USER {
            \t\tcounter packets 0 bytes 0 return
            \t}
            \tchain INPUT {
            \t\ttype filter hook input priority filter; policy drop;
            \t\tct state related,established counter packets 7 bytes 420 accept
            \t}
            \tchain FORWARD {
            \t\ttype filter hook forward priority filter; policy drop;
            \t\tcounter packets 0 bytes 0 jump DOCKER-USER
            \t\tiifname "docker0" oifname != "docker0" counter packets 0 bytes 0 accept
            \t}
            \tchain OUTPUT {
            \t\ttype filter hook output priority filter; policy drop;
            \t}
            }
            """;
    private static final String FIREWALLD = """
            table inet firewalld {
            \tchain filter_INPUT {
            \t\ttype filter hook input priority filter + 10; policy accept;
            \t\tct state { established, related } accept
            \t\tct status dnat accept
            \t\tjump filter_INPUT_ZONES
            \t\treject with icmpx admin-prohibited
            \t}
            \tchain filter_FORWARD {
            \t\ttype filter hook forward priority filter + 10; policy accept;
            \t\tct state { established, related } accept
            \t\tct status dnat accept
            \t\tjump filter_FORWARD_ZONES
            \t\treject with icmpx admin-prohibited
            \t}
            \tchain filter_FORWARD_ZONES {
            \t\tgoto filter_FWD_public
            \t}
            }
            """;
    private static final String OURS = """
            table inet tiny0 {
            \tchain forward {
            \t\ttype filter hook forward priority filter; policy accept;
            \t\tct state established,related accept
            \t\toifname @bridges drop
            \t}
            }
            """;

    @Test
    void tablesThatSeePacketsOfContainersAreFound() {
        String chains = """
                table ip nat {
                \tchain POSTROUTING {
                \t\ttype nat hook postrouting priority srcnat; policy accept;
                \t}
                }
                table ip filter {
                \tchain FORWARD {
                \t\ttype filter hook forward priority filter; policy accept;
                \t}
                }
                table inet firewalld {
                \tchain filter_INPUT {
                \t\ttype filter hook input priority filter + 10; policy accept;
                \t}
                }
                """;
        assertThat(Obstacle.tables(chains)).containsExactly("ip filter", "inet firewalld");
        assertThat(Obstacle.tables("")).isEmpty();
    }

    @Test
    void whoseChainsEndWithADropIsInTheWay() {
        assertThat(Obstacle.of(IPTABLES, "tiny0")).containsExactly(
                new Obstacle("ip filter", "INPUT", true, true, false), new Obstacle("ip filter", "FORWARD", false, true, false));
        assertThat(Obstacle.of(FIREWALLD, "tiny0"))
                .containsExactly(new Obstacle("inet firewalld", "filter_FORWARD", false, false, false));
        assertThat(Obstacle.of(OURS, "tiny1")).isEmpty();
        assertThat(Obstacle.of("", "tiny0")).isEmpty();
    }

    @Test
    void whoHasRulesForTheLinkIsNot() {
        assertThat(Obstacle.of(FIREWALLD.replace("\t\tgoto", "\t\tiifname \"tiny0\" goto filter_FWD_trusted\n\t\tgoto"),
                "tiny0")).isEmpty();
    }

    @Test
    void whatIptablesLegacyKeepsIsSaidAsWell() {
        assertThat(Obstacle.of(new LegacyFilter(false, true, true, false), false)).isEmpty();
        assertThat(Obstacle.of(new LegacyFilter(true, false, false, false), true))
                .containsExactly(new Obstacle("ip6 filter", "INPUT", true, false, true));
        assertThat(Obstacle.of(new LegacyFilter(false, true, false, true), false))
                .extracting(obstacle -> obstacle.notice("tiny0")).containsExactly("the packet filter's chain 'ip filter "
                        + "FORWARD' of iptables-legacy drops what no rule of its own takes: containers reach neither "
                        + "other hosts nor, perhaps, each other; let 'tiny0' through with: iptables-legacy -I DOCKER-USER "
                        + "-i tiny0 -j ACCEPT && iptables-legacy -I DOCKER-USER -o tiny0 -j ACCEPT");
    }

    @Test
    void theRemedyIsACommandOfWhoMadeTheChain() {
        assertThat(Obstacle.of(IPTABLES, "tiny0")).extracting(obstacle -> obstacle.notice("tiny0")).containsExactly(
                "the packet filter's chain 'ip filter INPUT' drops what no rule of its own takes: containers find no "
                        + "names; let 'tiny0' through with: iptables -I INPUT -i tiny0 -m conntrack --ctstate DNAT -j "
                        + "ACCEPT",
                "the packet filter's chain 'ip filter FORWARD' drops what no rule of its own takes: containers reach "
                        + "neither other hosts nor, perhaps, each other; let 'tiny0' through with: iptables -I "
                        + "DOCKER-USER -i tiny0 -j ACCEPT && iptables -I DOCKER-USER -o tiny0 -j ACCEPT");
        assertThat(Obstacle.of(IPTABLES.replace("DOCKER-USER", "X").replace("ip filter", "ip6 filter"), "tiny0").getLast()
                .notice("tiny0")).contains("ip6tables -I FORWARD -i tiny0");
        assertThat(Obstacle.of(FIREWALLD, "tiny0").getFirst().notice("tiny0"))
                .endsWith("with: firewall-cmd --zone=trusted --add-interface=tiny0 # and again with --permanent");
        assertThat(Obstacle.of(IPTABLES.replace("ip filter", "inet mine"), "tiny0").getFirst().notice("tiny0"))
                .endsWith("with: nft insert rule inet mine INPUT iifname tiny0 ct status dnat accept");
    }
}
