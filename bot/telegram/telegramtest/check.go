package telegramtest

import (
	"encoding/json"
	"unicode/utf16"
	"unicode/utf8"
)

// Button is a button under a message.
type Button struct {
	Text  string `json:"text"`
	Data  string `json:"callback_data"`
	URL   string `json:"url"`
	Style string `json:"style"`
	Copy  *struct {
		Text string `json:"text"`
	} `json:"copy_text"`
}

// Units is the length of a text as Telegram counts it.
func Units(text string) int { return len(utf16.Encode([]rune(text))) }

// checkMessage refuses what Telegram refuses.
func checkMessage(text string, limit int, needed bool, params map[string]string) ([][]Button, Fault) {
	switch {
	case !utf8.ValidString(text):
		return nil, bad("strings must be encoded in UTF-8")
	case needed && text == "":
		return nil, bad("message text is empty")
	case Units(text) > limit:
		return nil, bad("message is too long")
	}
	if f := checkEntities(text, params["entities"]); f.Code != 0 {
		return nil, f
	}
	if params["reply_markup"] == "" {
		return nil, Fault{}
	}
	var k struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(params["reply_markup"]), &k); err != nil {
		return nil, bad("can't parse reply keyboard markup JSON object")
	}
	for _, row := range k.Rows {
		for _, b := range row {
			kinds := 0
			if b.Data != "" {
				kinds++
			}
			if b.URL != "" {
				kinds++
			}
			if b.Copy != nil {
				kinds++
			}
			switch {
			case b.Text == "" || kinds != 1:
				return nil, bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
			case len(b.Data) > 64:
				return nil, bad("BUTTON_DATA_INVALID")
			case b.Copy != nil && (b.Copy.Text == "" || Units(b.Copy.Text) > 256):
				return nil, bad("BUTTON_COPY_TEXT_INVALID")
			case b.Style != "" && b.Style != "primary" && b.Style != "danger" && b.Style != "success":
				return nil, bad("invalid button style specified")
			}
		}
	}
	return k.Rows, Fault{}
}

// checkEntities refuses marks that do not lie in the text.
func checkEntities(text, raw string) Fault {
	if raw == "" {
		return Fault{}
	}
	var all []struct {
		Type           string
		Offset, Length int
	}
	if err := json.Unmarshal([]byte(raw), &all); err != nil {
		return bad("can't parse entities JSON object")
	}
	for _, e := range all {
		if e.Type == "" || e.Offset < 0 || e.Length < 1 || e.Offset+e.Length > Units(text) {
			return bad("entity beyond the text")
		}
	}
	return Fault{}
}
