package dev.tinydocker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.StandardInput;
import dev.tinydocker.linux.SyscallException;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rooms keep to their signs, and what only one room may do no other does. */
class RoomsTests {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.tinydocker");
    private static final String PACKAGE = "dev.tinydocker.";
    private static final Pattern ROW = Pattern.compile("\\| ([0-9]) \\| (.*) \\|");
    private static final Pattern ROOM = Pattern.compile("`([a-z]+)`");

    @Test
    void everyArrowIsOnTheSignOfItsRoom() {
        ApplicationModules.of(TinyDocker.class).verify();
    }

    /** Which row a room is in, ARCHITECTURE.md says. */
    @Test
    void everyArrowPointsDown() throws Exception {
        Map<String, Integer> rows = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("ARCHITECTURE.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                ROOM.matcher(row.group(2)).results()
                        .forEach(room -> rows.put(room.group(1), Integer.parseInt(row.group(1))));
            }
        }
        assertThat(rows.keySet()).isEqualTo(rooms());
        for (String room : rows.keySet()) {
            assertThat(allowed(room)).as(room).allMatch(other -> rows.get(other) < rows.get(room));
        }
    }

    private static Set<String> rooms() {
        return ApplicationModules.of(TinyDocker.class).stream().map(room -> room.getIdentifier().toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String[] allowed(String room) throws ClassNotFoundException {
        return Class.forName(PACKAGE + room + ".package-info").getAnnotation(ApplicationModule.class)
                .allowedDependencies();
    }

    @Test
    void aSignNamesNoRoomThatIsNotUsed() throws Exception {
        Map<String, Set<String>> used = CLASSES.stream().collect(Collectors.groupingBy(RoomsTests::room,
                Collectors.flatMapping(one -> one.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> room(dependency.getTargetClass())), Collectors.toSet())));
        for (String name : rooms()) {
            assertThat(allowed(name)).as(name).isSubsetOf(used.get(name));
        }
    }

    /** Empty for what is in none. */
    private static String room(JavaClass one) {
        String name = one.getPackageName() + ".";
        return name.startsWith(PACKAGE) && name.length() > PACKAGE.length()
                ? name.substring(PACKAGE.length(), name.indexOf('.', PACKAGE.length())) : "";
    }

    @Test
    void onlyLinuxCallsNativeCode() {
        noClasses().that().resideOutsideOfPackage("..linux..").should().dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(CLASSES);
    }

    /** What the prompt needs where the host is macOS, which has not all that Libc names. */
    @Test
    void keysAreReadWithWhatEveryUnixHas() {
        noClasses().that().belongToAnyOf(StandardInput.class, SyscallException.class, Errno.class).should()
                .dependOnClassesThat().haveSimpleName("Libc").check(CLASSES);
    }

    @Test
    void onlyShellKnowsSpringShell() {
        noClasses().that().resideOutsideOfPackage("..shell..").should().dependOnClassesThat()
                .resideInAPackage("org.springframework.shell..").check(CLASSES);
    }

    @Test
    void onlyTheNameServerSpeaksDns() {
        noClasses().that().resideOutsideOfPackage("..network.names..").should().dependOnClassesThat()
                .resideInAPackage("org.xbill.DNS..").check(CLASSES);
    }

    /** The room rootfs downloads archives of root file systems; nobody else speaks HTTP as a client. */
    @Test
    void onlyRegistrySpeaksToRegistries() {
        noClasses().that().resideOutsideOfPackages("..registry..", "..rootfs..").should().dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "land.oras..").check(CLASSES);
        noClasses().that().resideOutsideOfPackage("..registry..").should().dependOnClassesThat()
                .areAssignableTo(URLConnection.class).check(CLASSES);
    }

    @Test
    void onlyShimStartsTheHelper() {
        noClasses().that().resideOutsideOfPackages("..shim..", "..linux..").should().callMethod(
                Processes.class, "spawn", Path.class, List.class, int.class, Path.class).check(CLASSES);
    }

    /** What an engine closes is open in a program that is being started, unless both are told of each other. */
    @Test
    void onlyLinuxStartsProgramsOfAnEngine() {
        noClasses().that().resideOutsideOfPackages("..linux..", "..lima..").should()
                .callMethod(ProcessBuilder.class, "start").check(CLASSES);
    }
}
