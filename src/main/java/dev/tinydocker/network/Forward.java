package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;

/** A published port, and where what comes to it is sent. */
record Forward(PublishedPort port, String container, Ipv4 address) {
}
