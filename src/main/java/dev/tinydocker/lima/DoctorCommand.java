package dev.tinydocker.lima;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Printable;
import dev.tinydocker.shell.HostCommand;
import dev.tinydocker.shell.Session;

import java.nio.file.Path;
import java.util.List;

/** {@code doctor [--rootfs DIR]}: what stands between the user and the engine, one line each. */
final class DoctorCommand {

    private static final HostCommand.Option ROOTFS = new HostCommand.Option(' ', "rootfs", "DIR",
            "a directory that containers are to start from");

    private final LimaDoctor doctor;
    private final Path rootfs;

    /** @param rootfs where containers start from when no other directory is named */
    DoctorCommand(LimaDoctor doctor, Path rootfs) {
        this.doctor = doctor;
        this.rootfs = rootfs;
    }

    HostCommand command() {
        return new HostCommand("doctor", "Check the way to the engine, and say what to do about what is in it",
                List.of(ROOTFS), "", "doctor --rootfs ./rootfs", this::execute);
    }

    private int execute(HostCommand.Given given, Session session) {
        String named = given.value("rootfs").orElse(rootfs.toString());
        if (named.isEmpty()) {
            throw new InvalidRequest("use '--rootfs' with 'doctor'", "it names no directory", "name one after it");
        }
        List<LimaDoctor.Finding> findings = doctor.findings(session.directory(), named);
        findings.forEach(finding -> session.out().println(Printable.line((finding.ok() ? "ok       " : "problem  ")
                + finding.what() + (finding.advice().isEmpty() ? "" : "  — " + finding.advice()))));
        return findings.stream().allMatch(LimaDoctor.Finding::ok) ? 0 : 1;
    }
}
