package dev.tinydocker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The rooms keep to their signs, and what only one room may do no other does. */
class RoomsTests {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.tinydocker");

    @Test
    void everyArrowIsOnTheSignOfItsRoom() {
        ApplicationModules.of(TinyDocker.class).verify();
    }

    @Test
    void onlyLinuxCallsNativeCode() {
        noClasses().that().resideOutsideOfPackage("..linux..").should().dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(CLASSES);
    }

    @Test
    void onlyShellAndEngineKnowSpringShell() {
        noClasses().that().resideOutsideOfPackages("..shell..", "..engine..").should().dependOnClassesThat()
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
                .areAssignableTo(java.net.URLConnection.class).check(CLASSES);
    }

    @Test
    void onlyShimStartsTheHelper() {
        noClasses().that().resideOutsideOfPackages("..shim..", "..linux..").should().callMethod(
                dev.tinydocker.linux.Processes.class, "spawn", java.nio.file.Path.class, java.util.List.class,
                        int.class,
                java.nio.file.Path.class).check(CLASSES);
    }
}
