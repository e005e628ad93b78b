package dev.tinydocker.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What tells a series from others of its family, as both of Prometheus's formats write it, without the braces. */
final class Labels {

    static final Labels NONE = new Labels(new byte[0]);

    private final byte[] text;

    private Labels(byte[] text) {
        this.text = text;
    }

    static Labels of(String name, String value) {
        return NONE.with(name, value);
    }

    /** These and one more. */
    Labels with(String name, String value) {
        byte[] more = ((text.length == 0 ? "" : ",") + name + "=\"" + escaped(value) + '"')
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(text, text.length + more.length);
        System.arraycopy(more, 0, all, text.length, more.length);
        return new Labels(all);
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    void write(PageBuffer page) {
        if (text.length > 0) {
            page.write('{');
            page.writeBytes(text);
            page.write('}');
        }
    }
}
