package dev.tinydocker.security;

import java.util.Map;

/**
 * System calls that a libseccomp of 2022 does not know by name. From 424 on a call has one number on all architectures,
 * {@code asm-generic/unistd.h}.
 */
final class LateCalls {

    static final Map<String, Integer> NUMBERS = Map.ofEntries(Map.entry("cachestat", 451),
            Map.entry("fchmodat2", 452), Map.entry("map_shadow_stack", 453), Map.entry("futex_wake", 454),
            Map.entry("futex_wait", 455), Map.entry("futex_requeue", 456), Map.entry("statmount", 457),
            Map.entry("listmount", 458), Map.entry("lsm_get_self_attr", 459), Map.entry("lsm_set_self_attr", 460),
            Map.entry("lsm_list_modules", 461), Map.entry("mseal", 462), Map.entry("setxattrat", 463),
            Map.entry("getxattrat", 464), Map.entry("listxattrat", 465), Map.entry("removexattrat", 466),
            Map.entry("open_tree_attr", 467), Map.entry("file_getattr", 468), Map.entry("file_setattr", 469));

    private LateCalls() {
    }
}
