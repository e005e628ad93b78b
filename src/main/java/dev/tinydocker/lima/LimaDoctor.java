package dev.tinydocker.lima;

import dev.tinydocker.problem.SystemFailure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code doctor} where this host is no Linux: what stands between the user and the engine, one line each. */
final class LimaDoctor {

    /** In the machine, as root: one question, all answers, each a line that begins with its name. */
    private static final String PROBE = """
            machine=$(uname -m)
            echo "machine $machine"
            case $machine in x86_64) arch=amd64 ;; aarch64) arch=arm64 ;; *) arch=$machine ;; esac
            shim=${1%/*}/target/native/$arch/tiny-shim
            echo "path $shim"
            [ -e "$shim" ] && echo "header $(od -An -tx1 -N20 "$shim" | tr -d ' \\n')"
            "$shim" --ops >/dev/null 2>&1 && echo "executable yes"
            [ -d "$2" ] && echo "rootfs yes"
            echo "service $(systemctl is-active tiny-docker 2>/dev/null)\"""";

    private final LimaCtl lima;
    private final String program;

    /** What was looked at; the advice is empty where all is well. */
    record Finding(boolean ok, String what, String advice) {
    }

    LimaDoctor(LimaCtl lima, String program) {
        this.lima = lima;
        this.program = program;
    }

    /**
     * In the order in which they stand in the way; what cannot be known because of one before is left out.
     *
     * @param directory what a relative path starts from
     * @param rootfs a directory of this host that containers are to start from
     */
    List<Finding> findings(Path directory, String rootfs) {
        List<Finding> findings = new ArrayList<>();
        Standing standing = lima.standing();
        boolean installed = !(standing instanceof Standing.NotInstalled || standing instanceof Standing.TooOld
                || standing instanceof Standing.Unclear);
        if (installed) {
            findings.add(ok("limactl is installed"));
            if (!(standing instanceof Standing.Absent)) {
                findings.add(ok("the instance exists"));
            }
        }
        if (standing instanceof Standing.Running(Instance instance)) {
            findings.add(ok(standing.what()));
            inside(instance, new HostPaths(instance.shared(), directory), rootfs, findings);
        } else {
            findings.add(new Finding(false, standing.what(), standing.advice()));
        }
        return findings;
    }

    private void inside(Instance instance, HostPaths paths, String rootfs, List<Finding> findings) {
        String place = paths.find(rootfs).orElse("");
        Answer answer;
        try {
            answer = lima.ask("--tty=false", "shell", "--workdir", "/", instance.name(), "sudo", "-n", "/bin/sh",
                    "-c", PROBE, "probe", program, place);
        } catch (SystemFailure e) {
            answer = new Answer(1, "", String.valueOf(e.getMessage()));
        }
        Map<String, String> said = new HashMap<>();
        answer.out().lines().forEach(line -> {
            String[] words = line.split(" ", 2);
            said.put(words[0], words.length > 1 ? words[1] : "");
        });
        if (!said.containsKey("service")) {
            findings.add(new Finding(false, "the virtual machine cannot be reached: " + LimaCtl.said(answer),
                    "'limactl shell --reconnect " + instance.name() + "', or stop and start it"));
            return;
        }
        shim(said, findings);
        findings.add(said.containsKey("rootfs") ? ok("rootfs \"" + rootfs + "\" is accessible inside Lima")
                : new Finding(false, HostPaths.unshared("rootfs", rootfs), "shared are " + paths.locations()));
        findings.add(engine(instance, said.getOrDefault("service", "")));
    }

    private void shim(Map<String, String> said, List<Finding> findings) {
        String path = said.getOrDefault("path", "");
        String wanted = said.getOrDefault("machine", "");
        String header = said.get("header");
        if (header == null) {
            findings.add(new Finding(false, "Linux shim not found at \"" + path
                    + "\": build it first and share it with Lima",
                    "stop and start the instance, which builds it; see /var/log/cloud-init-output.log there"));
            return;
        }
        String found = Elf.machine(header);
        if (!found.equals(wanted)) {
            findings.add(new Finding(false, "Linux shim \"" + path + "\" is for " + found
                    + ", but the virtual machine is " + wanted, GuestEngine.rebuild(program)));
            return;
        }
        findings.add(ok("Linux shim \"" + path + "\" is for " + wanted));
        findings.add(said.containsKey("executable") ? ok("it can be executed inside Lima")
                : new Finding(false, "Linux shim \"" + path + "\" cannot be executed inside Lima",
                        "see its owner and mode, and how its file system is mounted"));
    }

    private static Finding engine(Instance instance, String service) {
        Path socket = instance.socket();
        int length = GuestEngine.length(socket);
        if (length > GuestEngine.LONGEST_SOCKET) {
            return new Finding(false, "the engine's socket \"" + socket + "\" has " + length + " bytes, more than "
                    + GuestEngine.LONGEST_SOCKET, "set a shorter LIMA_HOME, and create the instance there");
        }
        String failure = EnginePing.failure(socket);
        if (failure.isEmpty()) {
            return ok("the engine answers at " + socket);
        }
        return service.equals("active")
                ? new Finding(false, "the engine runs, but not behind " + socket + ": " + failure,
                        "stop and start the instance; commands take the slower way meanwhile")
                : new Finding(false, "the engine does not run: its service is " + service,
                        "see 'journalctl -u tiny-docker' in the machine");
    }

    private static Finding ok(String what) {
        return new Finding(true, what, "");
    }
}
