package dev.tinydocker.lima;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Printable;
import dev.tinydocker.shell.Session;

import java.nio.file.Path;
import java.util.List;

/** {@code doctor [--rootfs DIR]}: what stands between the user and the engine, one line each. */
final class DoctorCommand implements HostCommand {

    private static final String OPTION = "--rootfs=";

    private final LimaDoctor doctor;
    private final Path rootfs;

    /** @param rootfs where containers start from when no other directory is named */
    DoctorCommand(LimaDoctor doctor, Path rootfs) {
        this.doctor = doctor;
        this.rootfs = rootfs;
    }

    @Override
    public int execute(List<String> words, Session session) {
        String joined = String.join("=", words);
        boolean named = joined.startsWith(OPTION) && joined.length() > OPTION.length()
                && (words.size() == 1 || words.size() == 2 && words.getFirst().length() < OPTION.length());
        if (!named && !words.isEmpty()) {
            throw new InvalidRequest("execute 'doctor " + String.join(" ", words) + "'", "there is no such option",
                    "'tiny doctor [--rootfs DIR]' is what there is");
        }
        List<LimaDoctor.Finding> findings = doctor.findings(session.directory(),
                named ? joined.substring(OPTION.length()) : rootfs.toString());
        findings.forEach(finding -> session.out().println(Printable.line((finding.ok() ? "ok       " : "problem  ")
                + finding.what() + (finding.advice().isEmpty() ? "" : "  — " + finding.advice()))));
        return findings.stream().allMatch(LimaDoctor.Finding::ok) ? 0 : 1;
    }
}
