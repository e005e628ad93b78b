package dev.tinydocker.security;

import static dev.tinydocker.security.FilterMachine.ALLOWED;
import static dev.tinydocker.security.FilterMachine.ENOSYS;
import static dev.tinydocker.security.FilterMachine.EPERM;
import static dev.tinydocker.security.FilterMachine.decide;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tinydocker.store.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the built-in profile becomes, carried out instruction by instruction as the kernel does. */
class SeccompFiltersIT {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final int NATIVE = ARM ? 0xc00000b7 : 0xc000003e;
    private static final int SOCKET = ARM ? 198 : 41;
    private static final int CLONE = ARM ? 220 : 56;
    private static final int PERSONALITY = ARM ? 92 : 135;
    private static final int MOUNT = ARM ? 40 : 165;

    @TempDir
    Path root;

    private SeccompFilters filters() {
        return new SeccompFilters(new Layout(root.resolve("run").toString(), root.resolve("data").toString(), "."));
    }

    private byte[] builtin(Set<Capability> capabilities) {
        return filters().filter("", capabilities);
    }

    @Test
    void callsAreAllowedRefusedOrNotThere() {
        byte[] filter = builtin(Capability.DEFAULT);
        assertThat(filter.length / 8).isLessThan(400);
        assertThat(decide(filter, NATIVE, CLONE, 0x01200011)).isEqualTo(ALLOWED);
        for (int bit : new int[] { 0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000 }) {
            assertThat(decide(filter, NATIVE, CLONE, bit)).as("a new namespace").isEqualTo(EPERM);
        }
        assertThat(decide(filter, NATIVE, 435, 0)).as("clone3").isEqualTo(ENOSYS);
        assertThat(decide(filter, NATIVE, MOUNT, 0)).isEqualTo(EPERM);
        for (int late : new int[] { 451, 452, 462, 466 }) {
            assertThat(decide(filter, NATIVE, late, 0)).isEqualTo(ALLOWED);
        }
        assertThat(decide(filter, NATIVE, 461, 0)).as("lsm_list_modules").isEqualTo(EPERM);
        assertThat(decide(filter, NATIVE, 467, 0)).as("newer than the profile").isEqualTo(ENOSYS);
    }

    @Test
    void argumentsAreLookedAtAsAWhole() {
        byte[] filter = builtin(Capability.DEFAULT);
        for (long family : new long[] { 1, 2, 10, 16, 17, 39, 44 }) {
            assertThat(decide(filter, NATIVE, SOCKET, family)).isEqualTo(ALLOWED);
        }
        for (long family : new long[] { 38, 40, 1L << 32 | 38, 1L << 32 | 40, 46, -1 }) {
            assertThat(decide(filter, NATIVE, SOCKET, family)).isEqualTo(EPERM);
        }
        for (long persona : new long[] { 0, 8, 0x20000, 0x20008, 0xffffffffL }) {
            assertThat(decide(filter, NATIVE, PERSONALITY, persona)).isEqualTo(ALLOWED);
        }
        assertThat(decide(filter, NATIVE, PERSONALITY, 0x40000)).as("ADDR_NO_RANDOMIZE").isEqualTo(EPERM);
    }

    @Test
    void whatGoesWithACapabilityIsAllowedWithIt() {
        byte[] admin = builtin(EnumSet.of(Capability.CAP_SYS_ADMIN));
        assertThat(decide(admin, NATIVE, MOUNT, 0)).isEqualTo(ALLOWED);
        assertThat(decide(admin, NATIVE, 435, 0)).isEqualTo(ALLOWED);
        assertThat(decide(admin, NATIVE, CLONE, 0x20000)).isEqualTo(ALLOWED);
        assertThat(decide(admin, NATIVE, ARM ? 51 : 161, 0)).as("chroot").isEqualTo(EPERM);
        assertThat(decide(builtin(Capability.DEFAULT), NATIVE, ARM ? 51 : 161, 0)).as("chroot").isEqualTo(ALLOWED);
    }

    @Test
    void programsOf32BitsHaveTheirOwnNumbersAndX32HasNone() {
        byte[] filter = builtin(Capability.DEFAULT);
        if (ARM) {
            assertThat(decide(filter, 0x40000028, 21, 0)).as("mount").isEqualTo(EPERM);
            assertThat(decide(filter, 0x40000028, 0xf0005, 0)).as("set_tls").isEqualTo(ALLOWED);
        } else {
            assertThat(decide(filter, 0x40000003, 21, 0)).as("mount").isEqualTo(EPERM);
            assertThat(decide(filter, 0x40000003, 4, 0)).as("write").isEqualTo(ALLOWED);
            assertThat(decide(filter, 0x40000003, 452, 0)).as("fchmodat2").isEqualTo(ALLOWED);
            assertThat(decide(filter, NATIVE, 0x40000001, 0)).as("write of x32").isEqualTo(ENOSYS);
        }
    }

    @Test
    void anEarlierEnginesFilterIsTakenUnlessItIsBroken() throws IOException {
        byte[] filter = builtin(Capability.DEFAULT);
        Path kept = files().getFirst();
        assertThat(files()).hasSize(1);
        assertThat(filters().filter("", Capability.DEFAULT)).isEqualTo(filter);
        byte[] whole = Files.readAllBytes(kept);
        whole[100] ^= 1;
        Files.write(kept, whole);
        assertThat(filters().filter("", Capability.DEFAULT)).as("made anew").isEqualTo(filter);
        Files.write(kept, new byte[0]);
        assertThat(filters().filter("", Capability.DEFAULT)).isEqualTo(filter);
        filters().filter("", EnumSet.noneOf(Capability.class));
        assertThat(files()).hasSize(2);
    }

    @Test
    void aGivenProfileMayAllowAllAndHideNothing() {
        byte[] filter = filters().filter("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mount\",\"nothing\","
                + "\"mseal\"],\"action\":\"SCMP_ACT_KILL_PROCESS\"}]}", Capability.DEFAULT);
        assertThat(decide(filter, NATIVE, MOUNT, 0)).isEqualTo(0x80000000);
        assertThat(decide(filter, NATIVE, 462, 0)).isEqualTo(0x80000000);
        assertThat(decide(filter, NATIVE, 600, 0)).isEqualTo(ALLOWED);
    }

    @Test
    void whatNobodyKnowsHereIsLeftOutAndSaidAtDebugLevel() {
        Logger log = (Logger) LoggerFactory.getLogger(SeccompCompiler.class);
        Level before = log.getLevel();
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        log.addAppender(said);
        log.setLevel(Level.DEBUG);
        try {
            byte[] filter = filters().filter("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mount\","
                    + "\"no_such_call\"],\"action\":\"SCMP_ACT_ERRNO\"}]}", Capability.DEFAULT);
            assertThat(decide(filter, NATIVE, MOUNT, 0)).isEqualTo(EPERM);
        } finally {
            log.setLevel(before);
            log.detachAppender(said);
        }
        assertThat(said.list).extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("the seccomp profile names no_such_call, which is not known here");
    }

    @Test
    void aKernelIsOfAVersionOrNewer() {
        assertThat(SeccompCompiler.reaches("6.18.44-x", "4.8")).isTrue();
        assertThat(SeccompCompiler.reaches("4.8.0", "4.8")).isTrue();
        assertThat(SeccompCompiler.reaches("4.7.9", "4.8")).isFalse();
        assertThat(SeccompCompiler.reaches("3.19.0", "4.8")).isFalse();
    }

    private List<Path> files() throws IOException {
        try (var entries = Files.list(root.resolve("data/seccomp"))) {
            return entries.toList();
        }
    }
}
