package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

/** What is expected is what Docker's client prints for the same. */
class TemplateTests {

    private static final Map<String, Object> IMAGE = Map.of("Id", "sha256:abc", "Size", 7L, "Tags", List.of("a:1", "b:2"),
            "None", List.of(), "Config", Map.of("Env", List.of("A=1", "B=2"), "Labels", Map.of("x.y", "v", "a", "w"),
                    "Tty", false));

    private static String filled(String format) {
        return Template.of(format).fill(IMAGE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '^', value = {
            "{{.Id}} {{.Config.Tty}} {{.Size}}§sha256:abc false 7",
            "{{ .Id }}§sha256:abc",
            "{{.Config.Env}} {{.Config.Labels}} {{.None}}§[A=1 B=2] map[a:w x.y:v] []",
            "{{json .Config.Env}}{{json .Id}}§[\"A=1\",\"B=2\"]\"sha256:abc\"",
            "{{.Id | json}}§\"sha256:abc\"",
            "{{index .Tags 0}} {{index .Config.Labels \"x.y\"}}{{index .Config.Labels \"no\"}}§a:1 v",
            "{{(index .Tags 1) | upper}}§B:2",
            "{{range .Tags}}<{{.}}>{{end}}§<a:1><b:2>",
            "{{range $i, $e := .Tags}}{{if $i}}, {{end}}{{$i}}={{$e}} {{$.Size}}{{end}}§0=a:1 7, 1=b:2 7",
            "{{range $k, $v := .Config.Labels}}{{$k}}:{{$v}};{{end}}§a:w;x.y:v;",
            "{{range .None}}x{{else}}nothing{{end}}§nothing",
            "{{if .Config.Tty}}a{{else if eq .Size 7}}b{{else}}c{{end}}§b",
            "{{if and .Id (not .None) (gt .Size 6) (ne .Id \"x\")}}yes{{end}}§yes",
            "{{if or .None .Config.Tty}}yes{{else}}no{{end}}§no",
            "{{with .Config}}{{.Tty}}{{$.Id}}{{end}}{{with .None}}x{{else}}e{{end}}§falsesha256:abce",
            "{{with $e := .Config.Env}}{{len $e}}{{end}}§2",
            "{{$n := 1}}{{range .Tags}}{{$n = len $.Id}}{{end}}{{$n}}§10",
            "{{len .Tags}} {{len .Id}} {{len .Config.Labels}}§2 10 2",
            "{{join .Tags \", \"}} {{join (split .Id \":\") \"/\"}}§a:1, b:2 sha256/abc",
            "{{title \"ab cd\"}} {{lower \"AB\"}} {{truncate .Id 3}} {{pad .Size 1 2}}|§Ab Cd ab sha  7  |",
            "{{printf \"%s-%05d-%-4s|%5.2s|%q %v%%\" .Id .Size \"a\" \"xyz\" \"q\" true}}§sha256:abc-00007-a   |   xy|\"q\" true%",
            "{{slice .Id 0 6}} {{slice .Tags 1}}§sha256 [b:2]",
            "a  {{- .Size -}}  b{{/* nothing */}}§a7b",
            "{{print 1 2 \"a\" \"b\"}}§1 2ab",
            "{{\"}}\"}}{{`\\n`}}§}}\\n"
    })
    void itIsFilledAsDockerFillsIt(String format, String wanted) {
        assertThat(filled(format)).isEqualTo(wanted);
    }

    @Test
    void linesAndTabsAreWhatTheySayWhereverTheyAre() {
        assertThat(filled("a\\tb\\n{{println .Size}}{{range .Tags}}{{println .}}{{end}}{{\"\\t\"}}"))
                .isEqualTo("a\tb\n7\na:1\nb:2\n\t");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '^', value = {
            "{{.Nope}}§there is no field '.Nope'; there are .",
            "{{.Id.Nope}}§there is no field '.Nope'",
            "{{if .Id}}§'{{if …}}' has no {{end}}",
            "{{end}}§'{{end}}' ends nothing",
            "{{.Id§'{{' is not closed",
            "{{nope .Id}}§'nope' is no function; there are and, eq",
            "{{.Id | nope}}§'nope' is no function",
            "{{$x}}§there is no variable '$x'",
            "{{}}§'{{}}' names no field",
            "{{.Id %}}§'{{.Id %}}' names no field",
            "{{(.Id}}§'(' is not closed",
            "{{.Id .Size}}§'.Size' in '{{.Id .Size}}' is not expected there",
            "{{range .Size}}x{{end}}§'7' is no list",
            "{{index .Tags 9}}§there is no number 9 in a list of 2",
            "{{len .Size}}§'len' needs",
            "{{pad .Id 99999999 0}}§'pad' needs a number from 0 to 4096",
            "{{printf \"%99999s\" .Id}}§'99999' is wider than 4096",
            "{{define \"x\"}}{{end}}§'define' is not known here"
    })
    void whatIsWrongIsSaidInOneLine(String format, String wanted) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> filled(format))
                .satisfies(e -> assertThat(e.line()).startsWith("cannot use the format '" + format + "': " + wanted)
                        .doesNotContain("\n"));
    }

    @Test
    void depthHasAnEnd() {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> Template.of("{{" + "(".repeat(100_000)
                + "1" + ")".repeat(100_000) + "}}")).withMessageContaining("nested too deep");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> Template.of("{{if 1}}".repeat(100_000)))
                .withMessageContaining("nested too deep");
    }

    @Test
    void fieldsOfARowAreCheckedBeforeThereIsOne() {
        Template.of("{{range .Tags}}{{.Any}}{{end}}{{$.Id}}").check(List.of("Tags", "Id"));
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> Template.of("{{if .Nope}}x{{end}}")
                .check(List.of("Id"))).withMessageContaining("there is no field '.Nope'");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> Template.of("{{upper $.Nope}}")
                .check(List.of("Id"))).withMessageContaining("there is no field '.Nope'");
    }

    @Test
    void aColumnIsHeadedAsInTheUsualTableOrByItsName() {
        assertThat(Template.of("{{.ID}}\\t{{.CreatedAt}}\\t{{upper .Tag}}\\t{{json .Size}}\\t{{if eq .Tag \"1\"}}y{{else}}n{{end}}")
                .headings(Map.of("ID", "IMAGE ID"))).containsExactly("IMAGE ID", "CREATED AT", "TAG", "SIZE", "n");
    }
}
