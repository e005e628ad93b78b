package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerSpec;
import dev.tinydocker.container.Walls;
import dev.tinydocker.namespace.IdRange;
import dev.tinydocker.volume.Mount;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static dev.tinydocker.shell.Json.ordered;

/** What inspect tells of a container's walls: Docker's keys, and beside them what is in force. */
final class WallInspection {

    private WallInspection() {
    }

    /** What Docker's HostConfig has besides what was asked in words. */
    static Map<String, Object> hostConfig(ContainerSpec spec, Walls walls) {
        return ordered("MaskedPaths", walls.masked(), "ReadonlyPaths", walls.readOnly(),
                "Devices", spec.devicesOrUsual().nodes().stream().map(node -> ordered("PathOnHost", node.source(),
                        "PathInContainer", node.target(), "CgroupPermissions", node.access())).toList(),
                "DeviceCgroupRules", spec.devicesOrUsual().rules(),
                "ShmSize", spec.shmBytesOrUsual(),
                "Tmpfs", tmpfs(spec), "Sysctls", spec.sysctlsOrNone(), "CgroupnsMode", "private", "IpcMode", "private");
    }

    private static Map<String, String> tmpfs(ContainerSpec spec) {
        Map<String, String> options = new TreeMap<>();
        spec.mounts().forEach(mount -> {
            if (mount instanceof Mount.Tmpfs tmpfs) {
                options.put(tmpfs.target(), String.join(",", tmpfs.options()));
            }
        });
        return options;
    }

    /** What no key of Docker's tells. */
    static Map<String, Object> inForce(ContainerSpec spec, Walls walls) {
        return ordered("Capabilities", walls.capabilities(), "CapabilitiesOfOthers", walls.others(),
                "NoNewPrivileges", walls.noNewPrivileges(), "Seccomp", walls.seccomp(), "Landlock", walls.landlock(),
                "IDMappings", mappings(spec.usersOrHost().ranges()));
    }

    private static List<Map<String, Object>> mappings(List<IdRange> ranges) {
        return ranges.stream().map(range -> ordered("ContainerID", range.inside(), "HostID", range.outside(),
                "Size", range.size())).toList();
    }
}
