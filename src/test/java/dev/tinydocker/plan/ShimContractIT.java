package dev.tinydocker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The shim that was built knows exactly the steps that Java can describe, with the same shape. */
class ShimContractIT {

    private static final Path PATH = Path.of("/p");

    private static final List<ShimStep> ONE_OF_EACH = List.of(new ShimStep.ExitRecord(PATH),
            new ShimStep.Log(1, 1, PATH),
            new ShimStep.Stdio(true, true, true, 1, 1), new ShimStep.Clone(0, ""), new ShimStep.Join(1, 1, 0),
            new ShimStep.Write(PATH, "c", "why"), new ShimStep.WriteIn("/p", "c", "why"),
            new ShimStep.Unshare(0, "why"),
            new ShimStep.Directory(PATH), new ShimStep.Mount(0, "s", "t", "t", "d", "why"),
            new ShimStep.Root(PATH), new ShimStep.Mkdir(0755, "/p", "why"),
            new ShimStep.MountIn(0, MountPoint.DIRECTORY, "s", "/t", "t", "d", "why"),
            new ShimStep.BindIn(0, true, MountPoint.FILE, 0, "s", "/t", "why"), new ShimStep.Mask("/p"),
            new ShimStep.Readonly("/p"), new ShimStep.Mknod(0, 0, "/p"), new ShimStep.Symlink("t", "/p"),
            new ShimStep.Netlink(new byte[0], "what", "why"), new ShimStep.Hostname("h"), new ShimStep.Pivot(),
            new ShimStep.Await(), new ShimStep.Rlimit(0, 0, 0, "cpu"), new ShimStep.Chdir(true, "/"),
            new ShimStep.Credentials(0, 0, 0, ""), new ShimStep.NoNewPrivs(), new ShimStep.Console(true), new ShimStep.Init(),
            new ShimStep.RemountRoot(), new ShimStep.Users(0, "", ""), new ShimStep.Owner(1, 1),
            new ShimStep.Idmap(PATH, "why"),
            new ShimStep.Seccomp(0, new byte[8], "builtin"), new ShimStep.EnterUsers(),
            new ShimStep.Landlock(1, 1, "/q"), new ShimStep.Keyring(),
            new ShimStep.AwaitHost(), new ShimStep.HoldMounts(), new ShimStep.Exec(List.of("a"), List.of("A=b")));

    @Test
    void thereIsOneOfEach() {
        assertThat(ONE_OF_EACH.stream().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(ShimStep.class.getPermittedSubclasses()).collect(Collectors.toSet()));
    }

    @Test
    void theShimKnowsEveryStepInItsShape() throws IOException {
        Map<Integer, String> described = new TreeMap<>();
        for (ShimStep step : ONE_OF_EACH) {
            ByteBuffer plan = ByteBuffer.wrap(PlanEncoder.encode(List.of(step))).position(8);
            int code = plan.getShort();
            int numbers = plan.get();
            plan.get();
            int strings = plan.getShort();
            described.put(code, numbers + " " + (step instanceof ShimStep.Exec ? "*" : strings));
        }
        Map<Integer, String> known = new TreeMap<>();
        for (String line : ops()) {
            String[] words = line.split(" ");
            known.put(Integer.parseInt(words[0]), words[3] + " " + words[4]);
        }
        assertThat(known).isEqualTo(described);
    }

    private static List<String> ops() throws IOException {
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Process shim = new ProcessBuilder("target/native/" + arch + "/tiny-shim", "--ops").start();
        return new String(shim.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
}
