package content_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"anning/content"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// schema is what Schemas uses of JSON Schema.
type schema struct {
	Type                 any // one or several names
	Format, Pattern      string
	Enum                 []any
	MinLength, MaxLength *int
	Minimum, Maximum     *int
	MinItems             int
	MinProperties        int
	UniqueItems          bool
	Items                *schema
	Properties           map[string]*schema
	PropertyNames        *schema
	AdditionalProperties any // false or a schema
	Required             []string
}

func schemas(t *testing.T) map[string]*schema {
	t.Helper()
	all := map[string]*schema{}
	for kind, data := range content.Schemas() {
		s := new(schema)
		if err := json.Unmarshal(data, s); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		all[kind] = s
	}
	return all
}

// check returns what is wrong with a value, "" if nothing.
func (s *schema) check(v any) string {
	var kind string
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	switch v := v.(type) {
	case nil:
		kind = "null"
	case bool:
		kind = "boolean"
	case int:
		kind = "integer"
		if s.Minimum != nil && (v < *s.Minimum || v > *s.Maximum) {
			fault("%d out of range", v)
		}
	case string:
		kind = "string"
		faults = append(faults, s.checkText(v))
	case []any:
		kind = "array"
		faults = append(faults, s.checkList(v))
	case map[string]any:
		kind = "object"
		faults = append(faults, s.checkObject(v))
	}
	if names := fmt.Sprint(s.Type); !strings.Contains(names, kind) {
		fault("%s where %s is asked for", kind, names)
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		fault("%v is none of %v", v, s.Enum)
	}
	return strings.Join(slices.DeleteFunc(faults, func(f string) bool { return f == "" }), "; ")
}

func (s *schema) checkText(v string) string {
	switch n := utf8.RuneCountInString(v); {
	case s.MinLength != nil && n < *s.MinLength:
		return "too short"
	case s.MaxLength != nil && n > *s.MaxLength:
		return "too long"
	case s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v):
		return v + " does not look like " + s.Pattern
	case s.Format == "date":
		if _, err := content.ParseDate(v); err != nil {
			return err.Error()
		}
	}
	return ""
}

func (s *schema) checkList(list []any) string {
	if len(list) < s.MinItems {
		return "too few"
	}
	for i, x := range list {
		if s.UniqueItems && slices.Contains(list[:i], x) {
			return fmt.Sprint(x, " twice")
		}
		if what := s.Items.check(x); what != "" {
			return fmt.Sprintf("[%d]: %s", i, what)
		}
	}
	return ""
}

func (s *schema) checkObject(m map[string]any) string {
	if len(m) < s.MinProperties {
		return "too few"
	}
	for _, key := range s.Required {
		if _, ok := m[key]; !ok {
			return key + " is missing"
		}
	}
	for key, v := range m {
		inner := s.Properties[key]
		if inner == nil && s.AdditionalProperties == false {
			return "no key " + key
		}
		if inner == nil {
			data, _ := json.Marshal(s.AdditionalProperties)
			inner = new(schema)
			_ = json.Unmarshal(data, inner)
		}
		if s.PropertyNames != nil && !regexp.MustCompile(s.PropertyNames.Pattern).MatchString(key) {
			return "key " + key
		}
		if what := inner.check(v); what != "" {
			return key + ": " + what
		}
	}
	return ""
}

// plain turns YAML into what JSON can say.
func plain(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(t, n.Content[0])
	case yaml.SequenceNode:
		all := []any{}
		for _, x := range n.Content {
			all = append(all, plain(t, x))
		}
		return all
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(t, n.Content[i+1])
		}
		return m
	}
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return n.Value == "true"
	case "!!int":
		i, err := strconv.Atoi(n.Value)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	return n.Value
}

// kindOf returns the schema's name for a file: that of its folder or list.
func kindOf(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return strings.TrimSuffix(file, ".yaml")
}

func TestShippedFilesFitTheirSchemas(t *testing.T) {
	all, files := schemas(t), 0
	err := fs.WalkDir(content.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(content.Files, name)
		if err != nil {
			return err
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(data, &doc); err != nil {
			return err
		}
		s := all[kindOf(name)]
		if s == nil {
			t.Fatalf("%s: no schema for %q", name, kindOf(name))
		}
		if what := s.check(plain(t, &doc)); what != "" {
			t.Errorf("%s: %s", name, what)
		}
		files++
		return nil
	})
	if err != nil || files < 50 {
		t.Fatalf("%d files, %v", files, err)
	}
}

// TestSchemasAndLoadAgree breaks a good file in every way a schema can see; both have to notice, and neither before.
func TestSchemasAndLoadAgree(t *testing.T) {
	const good = conductFile + "comfort: 好\nis_not: [不]\nphrases: [打]\nevidence:\n  - {id: sms, short: 短信, item: 短信, why: 内容, how: 截图, must: true}\n"
	tests := map[string][2]string{
		"nothing":       {"x: x", "x: x"},
		"unknown key":   {"plain:", "plane: 又\nplain:"},
		"missing":       {"name: 名\n", ""},
		"empty":         {"name: 名", "name: ''"},
		"null":          {"name: 名", "name:"},
		"optional null": {"comfort: 好", "comfort:"},
		"too long":      {"short: 短", "short: 一二三四五六七八九十一"},
		"just fits":     {"short: 短", "short: 一二三四五六七八九十"},
		"enum":          {"category: privacy", "category: private"},
		"range":         {"severity: 5", "severity: 0"},
		"number":        {"severity: 5", "severity: 五"},
		"list":          {"is: [是]", "is: 是"},
		"empty list":    {"is: [是]", "is: []"},
		"twice":         {"is: [是]", "is: [是, 是]"},
		"empty item":    {"is_not: [不]", "is_not: ['']"},
		"date":          {"checked: 2026-11-21", "checked: 2026-11-31"},
		"day and hour":  {"checked: 2026-11-21", "checked: 2026-11-21T00:00:00Z"},
		"bool":          {"must: true", "must: maybe"},
		"inner key":     {"why: 内容", "wye: 内容"},
		"id":            {"id: sms", "id: S M S"},
		"digits":        {"name: 名", "name: 110"},
	}
	fine := []string{"nothing", "optional null", "just fits", "digits"}
	s := schemas(t)["conducts"]
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(good, change[0], change[1], 1)
			if text == good && name != "nothing" {
				t.Fatalf("%q is not there to change", change[0])
			}
			var doc yaml.Node
			if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
				t.Fatal(err)
			}
			_, err := content.Load(fstest.MapFS{"conducts/c.yaml": {Data: []byte(strings.NewReplacer("laws: [new, twin, low, other, banks]\n", "", "route: r\n", "").Replace(text))}})
			what := s.check(plain(t, &doc))
			if want := !slices.Contains(fine, name); (what != "") != want || (err != nil) != want {
				t.Errorf("schema: %q, Load: %v, want faults: %t", what, err, want)
			}
		})
	}
}

// TestSchemasNameEveryField holds the keys of the schemas against the fields of the types.
func TestSchemasNameEveryField(t *testing.T) {
	all := schemas(t)
	types := map[string]any{"conducts": content.Conduct{}, "laws": content.Law{}, "reporting_channels": content.ReportingChannel{}, "routes": content.Route{},
		"checklists": content.Checklist{}, "scripts": content.Script{}, "signals": content.Signal{}, "negotiation": content.Negotiation{},
		"letters": content.Letter{}, "holidays": content.Holidays{}, "creditors": content.Creditor{}, "hotlines": content.Hotline{},
		"reminder_plans": content.ReminderPlan{}, "yardsticks": content.Yardstick{}, "questions": content.Question{}, "phones": content.Phone{}, "lenders": content.Lenders{}}
	if len(all) != len(types)+1 {
		t.Errorf("%d schemas, want %d and wording", len(all), len(types))
	}
	for kind, value := range types {
		s := all[kind]
		if s.Items != nil && s.Properties == nil {
			s = s.Items
		}
		var want, got []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(value)) {
			key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			if key != "" && key != "-" {
				want = append(want, key)
			}
		}
		for key := range s.Properties {
			got = append(got, key)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-type +schema)\n%s", kind, diff)
		}
	}
}
