package dev.tinydocker.lima;

/** How it stands with the virtual machine: ready, or what is in the way. */
sealed interface Standing {

    /** What is, as a sentence begins. */
    String what();

    /** What to do; empty where all is well. */
    String advice();

    /**
     * There is no limactl.
     *
     * @param named what LIMACTL names; empty where it names none
     */
    record NotInstalled(String named) implements Standing {
        @Override
        public String what() {
            return named.isEmpty() ? "limactl is not installed"
                    : "there is no program \"" + named + "\", which LIMACTL names";
        }

        @Override
        public String advice() {
            return named.isEmpty() ? "install Lima: 'brew install lima'"
                    : "unset LIMACTL, or let it name Lima's limactl";
        }
    }

    /** Such a limactl ends with 0 where it has run nothing. */
    record TooOld(String version) implements Standing {
        @Override
        public String what() {
            return "Lima " + version + " is too old, " + LimaVersion.LEAST + " is needed";
        }

        @Override
        public String advice() {
            return "'brew upgrade lima'";
        }
    }

    /** limactl does not answer as it should. */
    record Unclear(String why) implements Standing {
        @Override
        public String what() {
            return "limactl cannot be asked: " + why;
        }

        @Override
        public String advice() {
            return "see what 'limactl list' says";
        }
    }

    /** There is no such instance. */
    record Absent(String name) implements Standing {
        @Override
        public String what() {
            return "Lima instance \"" + name + "\" does not exist";
        }

        @Override
        public String advice() {
            return "create it: 'tiny setup lima'";
        }
    }

    /** Somebody else's, under the name of ours. */
    record Foreign(Instance instance) implements Standing {
        @Override
        public String what() {
            return "Lima instance \"" + instance.name() + "\" was not made from tiny-docker's lima.yaml";
        }

        @Override
        public String advice() {
            return "set another name as tiny.lima.instance, and create it from lima.yaml";
        }
    }

    /** It does not run. */
    record Stopped(Instance instance) implements Standing {
        @Override
        public String what() {
            return "Lima instance \"" + instance.name() + "\" is not running";
        }

        @Override
        public String advice() {
            return "start it: 'tiny vm start'";
        }
    }

    /** One half of it runs. */
    record Broken(Instance instance, String why) implements Standing {
        @Override
        public String what() {
            return "Lima instance \"" + instance.name() + "\" is broken" + (why.isEmpty() ? "" : " (" + why + ")");
        }

        @Override
        public String advice() {
            String name = instance.name();
            return "'limactl stop -f " + name + " && limactl start " + name + "'; see "
                    + instance.directory().resolve("ha.stderr.log");
        }
    }

    /** It runs; whether the engine does is another question. */
    record Running(Instance instance) implements Standing {
        @Override
        public String what() {
            return "Lima instance \"" + instance.name() + "\" is running";
        }

        @Override
        public String advice() {
            return "";
        }
    }
}
