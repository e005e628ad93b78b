package dev.tinydocker.shell;

import java.util.List;

/** The options of {@code run}, spelled as Docker's. */
final class RunOptions {

    static final OptionSpec DETACH = OptionSpec.flag('d', "detach", "run in the background and print the id");
    static final OptionSpec INTERACTIVE = OptionSpec.flag('i', "interactive", "keep standard input open");
    static final OptionSpec TTY = OptionSpec.flag('t', "tty", "give it a terminal");
    static final OptionSpec REMOVE = OptionSpec.flag("rm", "remove it when it has ended");
    static final OptionSpec NAME = OptionSpec.value("name", "NAME", "what to call it");
    static final OptionSpec ROOTFS = OptionSpec.value("rootfs", "DIR", "start from a directory, without an image")
            .offering(Candidates.DIRECTORY);
    static final OptionSpec PULL = OptionSpec.value("pull", "always|missing|never", "when to pull the image")
            .offering(Candidates.PULL_POLICY);
    static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "do not tell how the pull gets on");
    static final OptionSpec PLATFORM = OptionSpec.value("platform", "OS/ARCH[/VARIANT]", "which of its images to take");
    static final OptionSpec ENV = OptionSpec.value('e', "env", "NAME[=VALUE]", "set a variable");
    static final OptionSpec ENV_FILE = OptionSpec.value("env-file", "FILE", "set the variables in a file")
            .offering(Candidates.FILE);
    static final OptionSpec WORKDIR = OptionSpec.value('w', "workdir", "DIR", "the directory to start in");
    static final OptionSpec USER = OptionSpec.value('u', "user", "USER[:GROUP]", "who to run as, by name or number");
    static final OptionSpec HOSTNAME = OptionSpec.value('h', "hostname", "NAME", "its host name");
    static final OptionSpec ENTRYPOINT = OptionSpec.value("entrypoint", "COMMAND",
            "execute this before the words of the command");
    static final OptionSpec INIT = OptionSpec.flag("init", "run a process 1 that reaps and passes signals on");
    static final OptionSpec VOLUME = OptionSpec.value('v', "volume", "[SOURCE:]TARGET[:ro]",
            "show a directory or file of the host, or a volume by its name")
            .offering(Candidates.FILE);
    static final OptionSpec MOUNT = OptionSpec.value("mount", "KEY=VALUE,...",
            "the same in words: type=volume|bind|tmpfs,src=,dst=");
    static final OptionSpec TMPFS = OptionSpec.value("tmpfs", "TARGET[:OPTIONS]", "mount memory");
    static final OptionSpec READ_ONLY = OptionSpec.flag("read-only", "make its root file system read-only");
    static final OptionSpec SHM_SIZE = OptionSpec.value("shm-size", "SIZE",
            "how much its /dev/shm takes, 64m is usual");
    static final OptionSpec DEVICE = OptionSpec.value("device", "HOST[:CONTAINER][:rwm]",
            "give it a device of this host").offering(Candidates.DEVICE);
    static final OptionSpec DEVICE_CGROUP_RULE = OptionSpec.value("device-cgroup-rule", "RULE",
            "let it use devices by number, as in 'c 10:229 rwm'");
    static final OptionSpec USERNS = OptionSpec.value("userns", "auto|host|map=IN:OUT:SIZE,...",
            "whose users its users are: a range of its own, the host's, or these");
    static final OptionSpec MEMORY = OptionSpec.value('m', "memory", "SIZE",
            "memory it may use: bytes, or with k, m, g");
    static final OptionSpec MEMORY_SWAP = OptionSpec.value("memory-swap", "SIZE",
            "memory and swap together, -1 for any swap");
    static final OptionSpec CPUS = OptionSpec.value("cpus", "NUMBER", "CPUs it may use, as in 1.5");
    static final OptionSpec CPU_SHARES = OptionSpec.value('c', "cpu-shares", "WEIGHT",
            "its weight among others, 1024 is usual");
    static final OptionSpec CPUSET_CPUS = OptionSpec.value("cpuset-cpus", "LIST", "CPUs it may run on, as in 0-2,4");
    static final OptionSpec PIDS_LIMIT = OptionSpec.value("pids-limit", "NUMBER",
            "processes it may have, -1 for any number");
    static final OptionSpec ULIMIT = OptionSpec.value("ulimit", "NAME=SOFT[:HARD]",
            "a resource limit, as in nofile=1024");
    static final OptionSpec OOM_SCORE_ADJ = OptionSpec.number("oom-score-adj", "NUMBER",
            "-1000 to 1000, killed later or sooner");
    static final OptionSpec CAP_ADD = OptionSpec.value("cap-add", "CAPABILITY|ALL", "a capability to have besides");
    static final OptionSpec CAP_DROP = OptionSpec.value("cap-drop", "CAPABILITY|ALL", "a capability to do without");
    static final OptionSpec PRIVILEGED = OptionSpec.flag("privileged", "without any wall: it can do what this host's root can");
    static final OptionSpec SECURITY_OPT = OptionSpec.value("security-opt", "KEY=VALUE",
            "seccomp=, no-new-privileges=, unmask=, apparmor=, label=, landlock=");
    static final OptionSpec NETWORK = OptionSpec.value("network", "NAME|none|host",
            "its network; several for several").or("net").offering(Candidates.NETWORK);
    static final OptionSpec IP = OptionSpec.value("ip", "ADDRESS", "its address in the first network");
    static final OptionSpec IP6 = OptionSpec.value("ip6", "ADDRESS", "its IPv6 address there");
    static final OptionSpec MAC_ADDRESS = OptionSpec.value("mac-address", "ADDRESS", "its hardware address there");
    static final OptionSpec NETWORK_ALIAS = OptionSpec.value("network-alias", "NAME",
            "a further name for others there").or("net-alias");
    static final OptionSpec PUBLISH = OptionSpec.value('p', "publish", "[IP:][HOST:]PORT[/tcp|udp]",
            "lead a port of this host to one of its own");
    static final OptionSpec PUBLISH_ALL = OptionSpec.flag('P', "publish-all",
            "publish all that is exposed, at any free ports");
    static final OptionSpec EXPOSE = OptionSpec.value("expose", "PORT[/tcp|udp]", "a port for --publish-all");
    static final OptionSpec DNS = OptionSpec.value("dns", "ADDRESS", "a name server to ask instead of the host's");
    static final OptionSpec DNS_SEARCH = OptionSpec.value("dns-search", "DOMAIN", "a domain to search names in");
    static final OptionSpec DNS_OPTION = OptionSpec.value("dns-option", "OPTION", "an option of resolv.conf")
            .or("dns-opt");
    static final OptionSpec ADD_HOST = OptionSpec.value("add-host", "NAME:ADDRESS|host-gateway",
            "a line of /etc/hosts");
    static final OptionSpec SYSCTL = OptionSpec.value("sysctl", "NAME=VALUE",
            "a setting of the kernel for itself, as in net.ipv4.ip_forward=1");
    static final OptionSpec STOP_SIGNAL = OptionSpec.value("stop-signal", "SIGNAL", "what 'stop' sends")
            .offering(Candidates.SIGNAL);
    static final OptionSpec STOP_TIMEOUT = OptionSpec.number("stop-timeout", "SECONDS",
            "how long 'stop' waits, -1 for ever");
    static final OptionSpec LABEL = OptionSpec.value('l', "label", "NAME[=VALUE]", "a note to find it by");
    static final OptionSpec LOG_OPT = OptionSpec.value("log-opt", "KEY=VALUE", "max-size=10m, max-file=3");
    static final OptionSpec HEALTH_CMD = OptionSpec.value("health-cmd", "COMMAND",
            "a shell's line that fails where it does not work");
    static final OptionSpec HEALTH_INTERVAL = OptionSpec.value("health-interval", "DURATION",
            "time from check to check, 30s is usual");
    static final OptionSpec HEALTH_TIMEOUT = OptionSpec.value("health-timeout", "DURATION",
            "how long a check may take, 30s is usual");
    static final OptionSpec HEALTH_RETRIES = OptionSpec.number("health-retries", "NUMBER",
            "failures that make it unhealthy, 3 is usual");
    static final OptionSpec HEALTH_START_PERIOD = OptionSpec.value("health-start-period", "DURATION",
            "how long failures do not count at first");
    static final OptionSpec HEALTH_START_INTERVAL = OptionSpec.value("health-start-interval", "DURATION",
            "time from check to check meanwhile, 5s is usual");
    static final OptionSpec NO_HEALTHCHECK = OptionSpec.flag("no-healthcheck",
            "make no checks, whatever the image says");
    static final OptionSpec CIDFILE = OptionSpec.value("cidfile", "FILE", "write the id into a new file")
            .offering(Candidates.FILE);

    static final OptionSpec EXPLAIN = OptionSpec.flag("explain",
            "show each step of the start: who, what, why, the system calls, how long");

    static final List<OptionSpec> ALL = List.of(DETACH, INTERACTIVE, TTY, REMOVE, NAME, ROOTFS, PULL, QUIET, PLATFORM,
            ENV, ENV_FILE, WORKDIR, USER, HOSTNAME, ENTRYPOINT, INIT, VOLUME, MOUNT, TMPFS, READ_ONLY, USERNS, DEVICE,
            DEVICE_CGROUP_RULE, SHM_SIZE, MEMORY, MEMORY_SWAP, CPUS, CPU_SHARES, CPUSET_CPUS, PIDS_LIMIT, ULIMIT,
            OOM_SCORE_ADJ, CAP_ADD, CAP_DROP, PRIVILEGED, SECURITY_OPT, NETWORK, IP, IP6, MAC_ADDRESS, NETWORK_ALIAS,
            PUBLISH, PUBLISH_ALL, EXPOSE, DNS, DNS_SEARCH, DNS_OPTION, ADD_HOST, SYSCTL, STOP_SIGNAL, STOP_TIMEOUT,
            LABEL, LOG_OPT, HEALTH_CMD, HEALTH_INTERVAL, HEALTH_TIMEOUT, HEALTH_RETRIES, HEALTH_START_PERIOD,
            HEALTH_START_INTERVAL, NO_HEALTHCHECK, CIDFILE, EXPLAIN, DetachKeys.OPTION);

    private RunOptions() {
    }
}
