package dev.tinydocker.lima;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;

/**
 * The forward of the engine's socket, which dies with the connection of ssh(1) that Lima keeps, as after the host has
 * slept; Lima says that the instance is running, and makes no new one.
 */
final class SshForward {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HostProgram ssh;

    SshForward(HostProgram ssh) {
        this.ssh = ssh;
    }

    /** Makes it anew, and returns why it cannot be made; empty where it was. */
    String renew(Instance instance) {
        try {
            return renewed(instance);
        } catch (HostLacks | SystemFailure e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String renewed(Instance instance) {
        Path config = instance.directory().resolve("ssh.config");
        String host = "lima-" + instance.name().replaceAll("[._]", "-");
        // The connection itself, where it is gone as well.
        Answer connection = ssh.ask(PATIENCE, List.of("-F", config.toString(), host, "true"));
        if (connection.status() != 0) {
            return connection.err().strip();
        }
        try {
            // What is left of the one before cannot be bound again.
            if (Files.readAttributes(instance.socket(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                Files.delete(instance.socket());
            }
        } catch (NoSuchFileException e) {
            // Nothing is left.
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        // A connection that has such a forward makes none, even where the socket's file is gone, and says that all is
        // well.
        forward("cancel", config, host, instance);
        Answer forward = forward("forward", config, host, instance);
        return forward.status() == 0 ? "" : forward.err().strip();
    }

    private Answer forward(String deed, Path config, String host, Instance instance) {
        return ssh.ask(PATIENCE, List.of("-F", config.toString(), "-O", deed, "-L",
                instance.socket() + ":" + Instance.SOCKET, host));
    }
}
