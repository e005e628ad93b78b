package dev.tinydocker.plan;

import dev.tinydocker.plan.ShimStep.*;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Writes the shim's steps the way {@code docs/wire.md} draws a plan. The only code that knows operation numbers. */
public final class PlanEncoder {

    private PlanEncoder() {
    }

    /** The plan's bytes, as the payload of a PLAN frame. */
    public static byte[] encode(List<ShimStep> steps) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeBytes("TDPL");
            out.writeShort(1);
            out.writeShort(steps.size());
            for (ShimStep step : steps) {
                op(step).write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Op op(ShimStep step) {
        return switch (step) {
            case ExitRecord s -> new Op(1).s(s.path());
            case Log s -> new Op(2).n(s.maxBytes(), s.maxFiles()).s(s.path());
            case Stdio s -> new Op(3).n(flags(s), s.rows(), s.columns());
            case Clone s -> new Op(4).n(s.flags()).s(s.cgroup());
            case Join s -> new Op(5).n(s.pid(), s.startTime(), s.flags());
            case Users s -> new Op(6).n(s.flags()).s(s.userMap(), s.groupMap());
            case Owner s -> new Op(7).n(Integer.toUnsignedLong(s.user()), Integer.toUnsignedLong(s.group()));
            case Idmap s -> new Op(8).s(s.path());
            case Directory s -> new Op(9).s(s.path());
            case Write s -> new Op(10).s(s.path(), s.content());
            case WriteIn s -> new Op(41).s(s.path(), s.content());
            case Unshare s -> new Op(11).n(s.flags());
            case Mount s -> new Op(12).n(s.flags()).s(s.source(), s.target(), s.type(), s.data());
            case Root s -> new Op(13).s(s.path());
            case Mkdir s -> new Op(14).n(s.mode()).s(s.path());
            case MountIn s -> new Op(15).n(s.flags(), s.make().ordinal()).s(s.source(), s.target(), s.type(), s.data());
            case BindIn s -> new Op(16).n(s.attributes(), bit(s.recursive(), 1), s.make().ordinal(), s.propagation())
                    .s(s.source(), s.target());
            case Mask s -> new Op(17).s(s.path());
            case Readonly s -> new Op(18).s(s.path());
            case Mknod s -> new Op(19).n(s.mode(), s.device()).s(s.path());
            case Symlink s -> new Op(20).s(s.target(), s.path());
            case Netlink s -> new Op(21).bytes(s.messages());
            case Hostname s -> new Op(22).s(s.name());
            case Pivot _ -> new Op(23);
            case Await _ -> new Op(24);
            case Rlimit s -> new Op(25).n(s.resource(), s.soft(), s.hard());
            case Chdir s -> new Op(26).n(bit(s.make(), 1)).s(s.path());
            case Credentials s -> new Op(27).n(s.bounding(), s.effective(), s.ambient()).s(s.user());
            case NoNewPrivs _ -> new Op(28);
            case Console _ -> new Op(29);
            case Init _ -> new Op(30);
            case RemountRoot _ -> new Op(31);
            case Seccomp s -> new Op(37).n(s.flags()).bytes(s.instructions());
            case Exec s -> new Op(32).n(s.argv().size())
                    .s(Stream.concat(s.argv().stream(), s.environment().stream()).toArray());
            case AwaitHost _ -> new Op(33);
            case EnterUsers _ -> new Op(36);
            case Landlock s -> new Op(38).n(s.access(), s.scope()).s(s.queues());
            case Keyring _ -> new Op(39);
            case HoldMounts _ -> new Op(40);
        };
    }

    private static long flags(Stdio s) {
        return bit(s.tty(), 1) | bit(s.openStdin(), 2) | bit(s.stdinOnce(), 4);
    }

    private static long bit(boolean set, int bit) {
        return set ? bit : 0;
    }

    /** One operation on its way to the wire. */
    private static final class Op {

        private final int code;
        private long[] numbers = {};
        private final List<byte[]> strings = new ArrayList<>();

        Op(int code) {
            this.code = code;
        }

        Op n(long... values) {
            numbers = values;
            return this;
        }

        Op s(Object... values) {
            for (Object value : values) {
                bytes(value.toString().getBytes(StandardCharsets.UTF_8));
            }
            return this;
        }

        Op bytes(byte[] value) {
            strings.add(value);
            return this;
        }

        void write(DataOutputStream out) throws IOException {
            out.writeShort(code);
            out.writeByte(numbers.length);
            out.writeByte(0);
            out.writeShort(strings.size());
            for (long number : numbers) {
                out.writeLong(number);
            }
            for (byte[] string : strings) {
                out.writeInt(string.length);
                out.write(string);
                out.writeByte(0);
            }
        }
    }
}
