/**
 * A name server, RFC 1035, for the containers of a network: what they are called is known here, all else is asked of
 * the host's own servers. The only package that knows dnsjava.
 */
@NullMarked
package dev.tinydocker.network.names;

import org.jspecify.annotations.NullMarked;
