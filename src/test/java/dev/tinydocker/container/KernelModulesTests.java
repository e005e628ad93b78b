package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class KernelModulesTests {

    @Test
    void theLoadableAndTheBuiltInAreThere(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("modules.dep"), "kernel/drivers/net/veth.ko.xz: kernel/net/llc/llc.ko.xz\n");
        Files.writeString(directory.resolve("modules.builtin"), "kernel/fs/overlayfs/overlay.ko\n");

        KernelModules modules = KernelModules.in(directory);

        assertThat(modules.areKnown()).isTrue();
        assertThat(modules.has("veth")).isTrue();
        assertThat(modules.has("overlay")).isTrue();
        assertThat(modules.has("bridge")).isFalse();
        assertThat(modules.has("eth")).isFalse();
    }

    @Test
    void withoutListsThereIsNoTelling(@TempDir Path directory) {
        assertThat(KernelModules.in(directory).areKnown()).isFalse();
    }
}
