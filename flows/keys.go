package flows

import "slices"

// key is one key of a mapping in a flow file. The table below is the whole syntax: the loader refuses what is not in
// it, and Schema is made from it.
type key struct {
	name  string
	shape string // a shape of Schema: "text", "id", "flag" …
	must  bool   // has to be there
}

// stepKeys may stand on a step of any kind.
var stepKeys = []key{{"id", "id", false}, {"when", "condition", false}, {"checkpoint", "flag", false}}

// kinds lists the step kinds: the shape of the key's own value, and the further keys.
var kinds = []struct {
	kind  Kind
	shape string
	keys  []key
}{
	{Say, "text", []key{{"source", "source", false}, {"danger", "flag", false}}},
	{Ask, "text", []key{
		{"accept", "accept", false}, {"slot", "id", false}, {"choices", "choices", false}, {"from", "id", false},
		{"many", "flag", false}, {"max", "number", false}, {"why", "text", false}, {"example", "text", false},
		{"skip", "flag", false}, {"past", "flag", false}, {"quotes", "flag", false}, {"source", "source", false}, {"danger", "flag", false},
		{"private", "flag", false},
	}},
	{Show, "view", nil},
	{Document, "id", nil},
	{Remind, "reminder", nil},
	{Record, "recording", nil},
	{SetStep, "assigns", nil},
	{Call, "callee", nil},
	{Next, "branches", nil},
	{End, "ending", nil},
}

// objects lists the keys of the other mappings.
var objects = map[string][]key{
	"flow": {
		{"title", "text", false}, {"phrases", "texts", false}, {"aside", "flag", false}, {"moved", "moved", false},
		{"steps", "steps", true},
	},
	"choice": {
		{"id", "id", true}, {"label", "text", true}, {"also", "texts", false}, {"when", "condition", false},
		{"style", "style", false}, {"call", "phone", false}, {"set", "assigns", false}, {"to", "target", false},
		{"show", "view", false}, {"visit", "id", false},
	},
	"view_of": {{"name", "id", true}, {"of", "text", false}},
	"reminder_of": {
		{"flow", "id", true}, {"days", "number", false}, {"due", "id", false}, {"from", "remind_from", false},
		{"cancel", "flag", false},
	},
	"recording_of": {{"kind", "record_kind", true}, {"with", "ids", false}},
	"branch":       {{"when", "condition", false}, {"to", "target", true}},
}

// The closed sets of words.
var (
	accepts = []string{"choice", "yes_no", "text", "date", "time", "moment", "money", "count", "phone", "photo", "file"}
	styles  = []string{"next", "danger"}
	endings = []string{"return", "menu", "rest", "erase"}
	records = []string{"event", "evidence", "complaint"}
	opKeys  = []string{"not", "gt", "lt", "set"}
)

// names returns the names of the keys.
func names(keys []key) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k.name
	}
	return out
}

// kindNames returns the keys that make a step.
func kindNames() []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = string(k.kind)
	}
	return out
}

// keysOf returns the keys a step of the kind may have, its own first.
func keysOf(kind Kind) []key {
	for _, k := range kinds {
		if k.kind == kind {
			return slices.Concat([]key{{string(kind), k.shape, true}}, stepKeys, k.keys)
		}
	}
	return stepKeys
}
