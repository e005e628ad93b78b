package dev.tinydocker.lima;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shell.HostCommand;
import dev.tinydocker.shell.Session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code vm start|stop|status|delete|shell}: the virtual machine itself. */
final class VmCommands {

    private static final Duration STOPPING = Duration.ofMinutes(4);
    private static final HostCommand.Option FORCE = new HostCommand.Option('f', "force", "",
            "ask nobody in the machine");
    private static final HostCommand.Option SURE = new HostCommand.Option('f', "force", "",
            "say that it is meant");

    private final LimaCtl lima;
    private final GuestEngine engine;

    VmCommands(LimaCtl lima, GuestEngine engine) {
        this.lima = lima;
        this.engine = engine;
    }

    List<HostCommand> commands() {
        return List.of(
                new HostCommand("vm start", "Start the virtual machine", (_, session) -> start(session)),
                new HostCommand("vm stop", "Stop the virtual machine, its containers first", List.of(FORCE), "",
                        "vm stop", (given, session) -> stop(given.has("force"), session)),
                new HostCommand("vm status", "Tell how it stands with the virtual machine, and end with 0 where it runs",
                        (_, session) -> status(session)),
                new HostCommand("vm delete", "Delete the virtual machine, and all that is in it", List.of(SURE), "",
                        "vm delete -f", (given, session) -> delete(given.has("force"), session)),
                // The launcher does that: limactl needs the terminal itself.
                new HostCommand("vm shell", "Open a shell in the virtual machine, or execute a command there",
                        List.of(), "[COMMAND...]", "vm shell journalctl -u tiny-docker", (_, _) -> {
                            throw new InvalidRequest("open a shell in the virtual machine",
                                    "it needs a terminal of its own", "give 'tiny vm shell' outside of this prompt");
                        }));
    }

    private int start(Session session) {
        Standing standing = ours();
        if (!(standing instanceof Standing.Running || standing instanceof Standing.Stopped)) {
            throw refused("start", standing);
        }
        engine.start();
        return status(session);
    }

    private int stop(boolean forced, Session session) {
        Standing standing = ours();
        if (!(standing instanceof Standing.Stopped)) {
            if (!(standing instanceof Standing.Running || standing instanceof Standing.Broken && forced)) {
                throw refused("stop", standing);
            }
            List<String> words = new ArrayList<>(List.of("--tty=false", "stop"));
            if (forced) {
                words.add("-f");
            }
            words.add(lima.instance());
            asked("stop", words);
        }
        session.out().println("Lima instance \"" + lima.instance() + "\" is not running");
        return 0;
    }

    /** As a script may read it: 0 where it runs. */
    private int status(Session session) {
        Standing standing = lima.standing();
        session.out().println(standing.what() + (standing.advice().isEmpty() ? "" : "; " + standing.advice()));
        if (!(standing instanceof Standing.Running(Instance instance))) {
            return 1;
        }
        String failure = EnginePing.failure(instance.socket());
        session.out().println(failure.isEmpty() ? "the engine answers at " + instance.socket()
                : "the engine does not answer at " + instance.socket() + ": " + failure
                        + "; commands take the slower way");
        return 0;
    }

    private int delete(boolean forced, Session session) {
        if (!forced) {
            throw new InvalidRequest("delete the virtual machine", "all containers and images in it go with it",
                    "-f says that it is meant");
        }
        Standing standing = lima.standing();
        if (!(standing instanceof Standing.Absent)) {
            ours();
            asked("delete", List.of("--tty=false", "delete", "-f", lima.instance()));
        }
        session.out().println("Lima instance \"" + lima.instance() + "\" does not exist");
        return 0;
    }

    /** How it stands with an instance that may be dealt with. */
    private Standing ours() {
        Standing standing = lima.standing();
        return switch (standing) {
            case Standing.Running _, Standing.Stopped _, Standing.Broken _ -> standing;
            case Standing.NotInstalled _, Standing.TooOld _, Standing.Unclear _, Standing.Absent _,
                    Standing.Foreign _ -> throw refused("use", standing);
        };
    }

    private static HostLacks refused(String deed, Standing standing) {
        return new HostLacks(deed + " the virtual machine", standing.what(), standing.advice());
    }

    private void asked(String deed, List<String> words) {
        Answer answer = lima.program().ask(STOPPING, words);
        if (answer.status() != 0) {
            throw new SystemFailure(deed + " the virtual machine \"" + lima.instance() + "\"", LimaCtl.said(answer),
                    "see what 'limactl list' says");
        }
    }
}
