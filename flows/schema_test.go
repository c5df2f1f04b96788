package flows_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"anning/flows"

	"github.com/rogpeppe/go-internal/txtar"
	"gopkg.in/yaml.v3"
)

// TestSchemaAccepts holds every flow that loads against the schema.
func TestSchemaAccepts(t *testing.T) {
	root := schema(t)
	files := everyFlow(t)
	for name, data := range files {
		if _, err := flows.Load(fstest.MapFS{"a.yaml": {Data: data}}); err != nil {
			continue
		}
		var value any
		if err := yaml.Unmarshal(data, &value); err != nil {
			t.Fatal(err)
		}
		if err := root.check(root.all, value, name); err != nil {
			t.Error(err)
		}
	}
	if len(files) < 60 {
		t.Errorf("only %d flows", len(files))
	}
}

// TestSchemaRefuses changes mappings in every flow that loads: an unknown key is refused by loader and schema.
func TestSchemaRefuses(t *testing.T) {
	root := schema(t)
	tried := 0
	for name, data := range everyFlow(t) {
		if _, err := flows.Load(fstest.MapFS{"a.yaml": {Data: data}}); err != nil {
			continue
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		for i, m := range mappings(&doc) {
			if i%17 != len(name)%17 && i > 2 { // some of each flow, all kinds together
				continue
			}
			whole := m.Content
			m.Content = append(slices.Clone(whole), &yaml.Node{Kind: yaml.ScalarNode, Value: "Zzz"}, &yaml.Node{Kind: yaml.ScalarNode, Value: "x"})
			changed, err := yaml.Marshal(&doc)
			m.Content = whole
			if err != nil {
				t.Fatal(err)
			}
			var value any
			if err := yaml.Unmarshal(changed, &value); err != nil {
				t.Fatal(err)
			}
			_, byLoader := flows.Load(fstest.MapFS{"a.yaml": {Data: changed}})
			if bySchema := root.check(root.all, value, name); byLoader == nil || bySchema == nil {
				t.Fatalf("an unknown key in %s passes: loader %v, schema %v\n%s", name, byLoader, bySchema, changed)
			}
			tried++
		}
	}
	if tried < 150 {
		t.Errorf("only %d mappings tried", tried)
	}
}

// mappings returns every mapping of a document, those with free keys (slots) too: "Zzz" is no slot.
func mappings(n *yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	if n.Kind == yaml.MappingNode {
		out = append(out, n)
	}
	for _, c := range n.Content {
		out = append(out, mappings(c)...)
	}
	return out
}

// everyFlow returns the shipped flows and those of the archives.
func everyFlow(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	names, err := fs.Glob(flows.Files, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if out[name], err = flows.Files.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range archives(t) {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for name, file := range tree(archive) {
			out[path+"/"+name] = file.Data
		}
	}
	return out
}

// validator checks values against the part of JSON Schema that flows.Schema uses; it refuses a keyword it does not know.
type validator struct {
	all   map[string]any
	forms map[string]*regexp.Regexp
}

func schema(t *testing.T) validator {
	t.Helper()
	v := validator{forms: map[string]*regexp.Regexp{}}
	if err := json.Unmarshal(flows.Schema(), &v.all); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v validator) check(shape map[string]any, value any, at string) error {
	for _, keyword := range slices.Sorted(func(yield func(string) bool) {
		for k := range shape {
			if !yield(k) {
				return
			}
		}
	}) {
		if err := v.keyword(keyword, shape, value, at); err != nil {
			return err
		}
	}
	return nil
}

func (v validator) keyword(keyword string, shape map[string]any, value any, at string) error {
	want := shape[keyword]
	bad := func() error { return fmt.Errorf("%s: %v fails %s %v", at, value, keyword, want) }
	fields, isMap := value.(map[string]any)
	items, isList := value.([]any)
	switch keyword {
	case "$schema", "title", "$defs", "properties":
		return nil
	case "$ref":
		name := strings.TrimPrefix(want.(string), "#/$defs/")
		target, ok := v.all["$defs"].(map[string]any)[name].(map[string]any)
		if !ok {
			return fmt.Errorf("no shape %q", name)
		}
		return v.check(target, value, at)
	case "type":
		types, several := want.([]any)
		if !several {
			types = []any{want}
		}
		if !slices.ContainsFunc(types, func(typ any) bool { return isType(typ.(string), value) }) {
			return bad()
		}
	case "enum":
		if !slices.Contains(want.([]any), value) {
			return bad()
		}
	case "pattern":
		form := want.(string)
		if v.forms[form] == nil {
			v.forms[form] = regexp.MustCompile(form)
		}
		if s, ok := value.(string); ok && !v.forms[form].MatchString(s) {
			return bad()
		}
	case "minLength":
		if s, ok := value.(string); ok && len([]rune(s)) < int(want.(float64)) {
			return bad()
		}
	case "minimum":
		if n, ok := value.(int); ok && float64(n) < want.(float64) {
			return bad()
		}
	case "minItems":
		if isList && len(items) < int(want.(float64)) {
			return bad()
		}
	case "minProperties":
		if isMap && len(fields) < int(want.(float64)) {
			return bad()
		}
	case "required":
		for _, k := range want.([]any) {
			if _, there := fields[k.(string)]; isMap && !there {
				return bad()
			}
		}
	case "propertyNames":
		for k := range fields {
			if err := v.check(want.(map[string]any), k, at+"/"+k); err != nil {
				return err
			}
		}
	case "additionalProperties":
		return v.properties(shape, fields, at)
	case "items":
		for i, item := range items {
			if err := v.check(want.(map[string]any), item, fmt.Sprintf("%s/%d", at, i)); err != nil {
				return err
			}
		}
	case "anyOf", "oneOf":
		return v.some(keyword, want.([]any), value, at)
	default:
		return fmt.Errorf("unknown keyword %q", keyword)
	}
	return nil
}

func (v validator) properties(shape, fields map[string]any, at string) error {
	known, _ := shape["properties"].(map[string]any)
	for k, value := range fields {
		rule, ok := known[k].(map[string]any)
		if !ok {
			if rule, ok = shape["additionalProperties"].(map[string]any); !ok {
				return fmt.Errorf("%s: unknown key %q", at, k)
			}
		}
		if err := v.check(rule, value, at+"/"+k); err != nil {
			return err
		}
	}
	return nil
}

func (v validator) some(keyword string, shapes []any, value any, at string) error {
	holds, errs := 0, ""
	for _, s := range shapes {
		if err := v.check(s.(map[string]any), value, at); err == nil {
			holds++
		} else {
			errs += "\n  " + err.Error()
		}
	}
	if holds == 0 || keyword == "oneOf" && holds != 1 {
		return fmt.Errorf("%s: %s holds %d times:%s", at, keyword, holds, errs)
	}
	return nil
}

func isType(typ string, value any) bool {
	switch x := value.(type) {
	case map[string]any:
		return typ == "object"
	case []any:
		return typ == "array"
	case string:
		return typ == "string"
	case bool:
		return typ == "boolean"
	case int:
		return typ == "integer" || typ == "number"
	case float64:
		return typ == "number" || typ == "integer" && x == math.Trunc(x)
	case nil:
		return typ == "null"
	}
	return typ == "string" // a day, which YAML reads as a time
}
