package bot

import (
	"testing"

	"anning/content"
)

func TestArticleOfACard(t *testing.T) {
	for text, want := range map[string]string{
		"第五十条第一款第（五）项":      "第五十条第一款第（五）项",
		"第四十二条（旧法）":         "第四十二条",
		"第四十条第（三）项（旧法）":     "第四十条第（三）项",
		"第五十条第二款（禁止接触）":     "第五十条第二款",
		"第一百九十六条（恶意透支，澄清）":  "第一百九十六条",
		"第九条（条号未核）":         "",
		"第三章":               "第三章",
		"第二条第（一）项、第三条第（二）项": "第二条第（一）项、第三条第（二）项",
	} {
		if got := article(&content.Law{Article: text, Strength: content.Statute}); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
	if got := article(&content.Law{Article: "第三条", Strength: content.NormativeDoc}); got != "" {
		t.Errorf("a notice is quoted by number: %q", got)
	}
}
