package dev.tinydocker.container;

import dev.tinydocker.linux.DeviceFilter;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.linux.SecurityLabels;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.HostStep.FilterDevices;
import dev.tinydocker.plan.HostStep.Label;
import dev.tinydocker.plan.HostStep.MakeCgroup;
import dev.tinydocker.plan.HostStep.MakeDirectory;
import dev.tinydocker.plan.HostStep.Own;
import dev.tinydocker.plan.HostStep.SetCgroup;
import dev.tinydocker.plan.HostStep.WriteFile;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Does the host's steps of a plan, in order. What they leave is undone by {@link Remains}, which needs to know the id
 * only.
 */
final class HostHalf {

    private HostHalf() {
    }

    /** @throws SystemFailure naming the step that failed; later ones were not tried */
    static void execute(List<HostStep> steps) {
        execute(steps, null);
    }

    /** The same. @param explanation told after each step, null where nobody wants to know */
    static void execute(List<HostStep> steps, @Nullable Explanation explanation) {
        try (CgroupFile cgroup = new CgroupFile()) {
            for (HostStep step : steps) {
                try {
                    execute(step, cgroup);
                    Explanation.tell(explanation, step);
                } catch (IOException e) {
                    throw failure(step, FileFailures.reason(e), e, explanation);
                } catch (SyscallException e) {
                    throw failure(step, String.valueOf(e.getMessage()), e, explanation);
                }
            }
        }
    }

    private static SystemFailure failure(HostStep step, String reason, Exception cause,
            @Nullable Explanation explanation) {
        Explanation.failed(explanation, step, reason);
        return new SystemFailure(step.what(), reason, hint(step), cause);
    }

    private static void execute(HostStep step, CgroupFile cgroup) throws IOException {
        switch (step) {
            case MakeDirectory make -> makeDirectory(make.path(), make.mode());
            case Own own -> own(own);
            case MakeCgroup make -> makeDirectory(make.path(), 0755);
            case WriteFile write -> {
                Files.write(write.path(), write.content());
                Files.setPosixFilePermissions(write.path(), permissions(write.mode()));
            }
            case Label label -> SecurityLabels.set(label.path(), label.label(), label.all());
            case FilterDevices filter -> DeviceFilter.attach(filter.cgroup(), filter.rules());
            case SetCgroup set -> cgroup.write(set.file(), set.value());
        }
    }

    /** The parents are there but for the first container ever, so they are not looked for before they are missed. */
    private static void makeDirectory(Path path, int mode) throws IOException {
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(permissions(mode)));
        } catch (FileAlreadyExistsException e) {
            Files.setPosixFilePermissions(path, permissions(mode));
        } catch (NoSuchFileException e) {
            Files.createDirectories(path.getParent());
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(permissions(mode)));
        }
    }

    /** Owner before mode: chown(2) takes the set-uid bit away. */
    private static void own(Own own) throws IOException {
        Files.setAttribute(own.path(), "unix:uid", own.user());
        Files.setAttribute(own.path(), "unix:gid", own.group());
        Files.setAttribute(own.path(), "unix:mode", own.mode());
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        // The enum is declared from the owner's read to the others' execute, which are the bits from the ninth to the
        // first.
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((mode >> 8 - permission.ordinal() & 1) != 0) {
                set.add(permission);
            }
        }
        return set;
    }

    private static String hint(HostStep step) {
        return step instanceof SetCgroup ? "the kernel does not take this value; ask for another limit"
                : step instanceof Label ? "does SELinux's policy have this label? --security-opt label=disable sets none" : "";
    }
}
