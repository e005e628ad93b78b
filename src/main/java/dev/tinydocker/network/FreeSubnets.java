package dev.tinydocker.network;

import dev.tinydocker.linux.Subnet;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which private addresses nobody here uses yet, as far as can be told; RFC 1918. */
final class FreeSubnets {

    private FreeSubnets() {
    }

    /** The first one of ours that overlaps none of those; empty where all do. */
    static Optional<Subnet> first(List<Subnet> taken) {
        return pool().filter(subnet -> taken.stream().noneMatch(subnet::overlaps)).findFirst();
    }

    /** Large ones first. 172.17 to 172.19 come last of these: where Docker begins. At last, many small ones. */
    private static Stream<Subnet> pool() {
        Stream<Subnet> large = IntStream.of(20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 19, 18, 17)
                .mapToObj(number -> Subnet.parse("172." + number + ".0.0/16"));
        Stream<Subnet> small = IntStream.iterate(0, number -> number < 256, number -> number + 16)
                .mapToObj(number -> Subnet.parse("192.168." + number + ".0/20"));
        Stream<Subnet> many = IntStream.range(128, 256).boxed().flatMap(second -> IntStream.range(0, 256)
                .mapToObj(third -> Subnet.parse("10." + second + "." + third + ".0/24")));
        return Stream.of(large, small, many).flatMap(each -> each);
    }
}
