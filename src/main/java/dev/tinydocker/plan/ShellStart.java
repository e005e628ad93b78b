package dev.tinydocker.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Collects, of a plan's steps, what becomes the two longest commands of a script: the one that makes the namespaces,
 * and the one that the first process becomes in the end.
 */
final class ShellStart {

    private static final Map<Long, String> OPTIONS = new LinkedHashMap<>();

    static {
        OPTIONS.put(CloneFlags.CLONE_NEWNS, "--mount");
        OPTIONS.put(CloneFlags.CLONE_NEWPID, "--pid");
        OPTIONS.put(CloneFlags.CLONE_NEWNET, "--net");
        OPTIONS.put(CloneFlags.CLONE_NEWUTS, "--uts");
        OPTIONS.put(CloneFlags.CLONE_NEWIPC, "--ipc");
    }

    private final List<String> enter = new ArrayList<>();
    private final List<String> unshare = new ArrayList<>();
    private final List<String> identity = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private String cgroup = "";
    private boolean input;
    private boolean init;
    private String confinement = "";
    private String directory = "/";
    private String argv = "";

    String stdio(ShimStep.Stdio s) {
        input = s.openStdin();
        return "# here they are those of this script" + (s.openStdin() ? "" : ", but for an input that is empty");
    }

    List<String> users(ShimStep.Users s, ShellWords words) {
        String also = options(s.flags());
        if (!also.isEmpty()) {
            enter.add("nsenter --target \"$holder\" " + also);
        }
        return List.of("unshare --user " + also + " sh -c 'echo >&4; exec sleep infinity' </dev/null &", "holder=$!",
                "read -r _ <&4",
                "printf %s " + words.of(s.userMap()) + " >\"/proc/$holder/uid_map\"",
                "printf %s " + words.of(s.groupMap()) + " >\"/proc/$holder/gid_map\"");
    }

    /** A cgroup namespace is made when the cgroup is joined, whatever the flags say. */
    String cloned(ShimStep.Clone s) {
        unshare.add("unshare " + options(s.flags()) + " --propagation unchanged --fork --kill-child");
        if ((s.flags() & CloneFlags.CLONE_NEWCGROUP) != 0) {
            cgroup = "unshare --cgroup ";
        }
        return "# by unshare(1), at the end of this script";
    }

    String join(ShimStep.Join s) {
        String net = "--net=/proc/" + s.pid() + "/ns/net";
        enter.add("nsenter " + net);
        return "[ -e /proc/" + s.pid() + "/ns/net ] # entered by nsenter(1), at the end of this script";
    }

    String cgroupNamespace() {
        cgroup = "unshare --cgroup ";
        return "# by unshare(1), in the last line of this function";
    }

    /** The last program is executed by the shell that waits, which gets what it is to write as a word of its own. */
    String confined(ShimStep.Write s, ShellWords words) {
        confinement = words.of(s.content()) + " " + words.of(s.path()) + " ";
        return "# in the last line of the next function: it counts for the next program that is executed";
    }

    String enterUsers() {
        identity.add("\"$nsenter\" \"--user=/proc/$holder/ns/user\"");
        return "# by nsenter(1), in the last line of the next function";
    }

    String directory(ShimStep.Chdir s, ShellWords words) {
        directory = words.of(s.path());
        return "# gone to by the user that it runs as, who has to be allowed to, in the function 'joined'";
    }

    List<String> credentials(ShimStep.Credentials s, ShellWords words) {
        List<String> gone = FlagNames.capabilities(~s.bounding());
        identity.add("\"$setpriv\" --reuid \"$uid\" --regid \"$gid\" --groups \"$groups\" $capabilities"
                + (gone.isEmpty() ? "" : " --bounding-set " + capabilities("-", gone)));
        List<String> ambient = FlagNames.capabilities(s.ambient());
        String kept = ambient.isEmpty() ? "" : "," + capabilities("+", ambient);
        return List.of("who " + words.of(s.user()) + " >\"$run\"/who",
                "others='--inh-caps -all" + kept + " --ambient-caps -all" + kept + "'",
                "echo \"$others\" >>\"$run\"/who");
    }

    private static String capabilities(String sign, List<String> names) {
        return names.stream().map(name -> sign + name.substring("CAP_".length()).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    }

    String noNewPrivs() {
        int last = identity.size() - 1;
        identity.set(last, identity.get(last) + " --no-new-privs");
        return "# by setpriv(1), in the last line of the next function";
    }

    String init() {
        init = true;
        return "# here the shell stays as process 1, which passes no signals on";
    }

    String exec(ShimStep.Exec s, ShellWords words) {
        s.environment().forEach(variable -> environment.add(words.of(variable)));
        argv = s.argv().stream().map(words::of).collect(Collectors.joining(" "));
        if (s.environment().stream().noneMatch(variable -> variable.startsWith("HOME="))) {
            environment.add("\"HOME=$home\"");
        }
        return "# in the last line of the next function";
    }

    /** Makes the namespaces, and a process in them that does what the function {@code first} says. */
    String namespaces() {
        List<String> commands = new ArrayList<>(enter);
        commands.addAll(unshare);
        return String.join(" ", commands) + " \"$sh\" \"$0\" first";
    }

    /** The last line of {@code first}. */
    String joined() {
        return "exec " + cgroup + "\"$sh\" \"$0\" joined";
    }

    /** What a shell of the host's does last: from its second word on it has the container's files only. */
    String last() {
        String streams = (input ? "" : " </dev/null") + " 3<&- 4<&-";
        String confine = confinement.isEmpty() ? "" : "echo \"$1\" >\"$2\" || exit 126; shift 2; ";
        return "echo >&4; read -r _ <&3; " + confine
                + "umask 022; cd \"$1\" || exit 126; shift; unset PWD OLDPWD SHLVL; "
                + (init ? "\"$@\"" + streams + "; exit \"$?\"" : "exec \"$@\"" + streams);
    }

    /** What the first process becomes: who it is to be, and the program. */
    String becomes() {
        return "exec \"$env\" -i -- " + String.join(" ", environment) + " \\\n    "
                + String.join(" \\\n    ", identity) + " \\\n    \"$sh\" -c \"$last\" sh " + confinement
                + directory + " " + argv;
    }

    private static String options(long flags) {
        return OPTIONS.entrySet().stream().filter(each -> (flags & each.getKey()) != 0).map(Map.Entry::getValue)
                .collect(Collectors.joining(" "));
    }
}
