package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.Subnet;
import org.junit.jupiter.api.Test;

class RulesetTests {

    @Test
    void aTableIsReplacedInOneTransaction() {
        assertThat(Ruleset.replace("tiny0", Subnet.parse("10.1.0.0/16")))
                .startsWith("add table inet tiny0\ndelete table inet tiny0\ntable inet tiny0 {\n")
                .contains("elements = { 10.1.0.0/16 }").endsWith("}\n");
    }

    @Test
    void chainsOfOthersThatDropWhatIsForwardedAreFound() {
        String chains = """
                table ip filter {
                	chain INPUT {
                		type filter hook input priority filter; policy drop;
                	}
                	chain FORWARD {
                		type filter hook forward priority filter; policy drop;
                	}
                	chain DOCKER-USER {
                	}
                }
                table inet tiny0 {
                	chain forward {
                		type filter hook forward priority filter; policy accept;
                	}
                }
                table inet firewalld {
                	chain filter_FORWARD {
                		type filter hook forward priority filter + 10; policy drop;
                	}
                }
                """;
        assertThat(Ruleset.dropping(chains)).containsExactly("ip filter FORWARD", "inet firewalld filter_FORWARD");
        assertThat(Ruleset.dropping("")).isEmpty();
    }
}
