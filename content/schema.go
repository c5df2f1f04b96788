package content

import (
	"encoding/json"
	"reflect"
	"strings"
)

// kinds are the files of content and what each is read into.
var kinds = map[string]reflect.Type{
	"conducts":           reflect.TypeFor[Conduct](),
	"laws":               reflect.TypeFor[Law](),
	"reporting_channels": reflect.TypeFor[ReportingChannel](),
	"routes":             reflect.TypeFor[Route](),
	"checklists":         reflect.TypeFor[Checklist](),
	"scripts":            reflect.TypeFor[Script](),
	"signals":            reflect.TypeFor[Signal](),
	"negotiation":        reflect.TypeFor[Negotiation](),
	"letters":            reflect.TypeFor[Letter](),
	"reminder_plans":     reflect.TypeFor[ReminderPlan](),
	"yardsticks":         reflect.TypeFor[Yardstick](),
	"questions":          reflect.TypeFor[Question](),
	"lenders":            reflect.TypeFor[Lenders](),
	"phones":             reflect.TypeFor[[]Phone](),
	"holidays":           reflect.TypeFor[Holidays](),
	"creditors":          reflect.TypeFor[[]Creditor](),
	"hotlines":           reflect.TypeFor[[]Hotline](),
	"wording":            reflect.TypeFor[wordings](),
}

// Schemas returns a JSON Schema (2020-12) for each kind of file, by the name of its folder or list, for editors to
// complete and check while an author types. They are made from the types Load reads into, so they cannot differ.
func Schemas() map[string][]byte {
	all := make(map[string][]byte, len(kinds))
	for kind, t := range kinds {
		s := schemaOf(t, rule{need: true})
		s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
		s["title"] = "content/" + kind
		data, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			panic("content: schema of " + kind + ": " + err.Error()) // maps of plain values always marshal
		}
		all[kind] = append(data, '\n')
	}
	return all
}

// schemaOf returns the schema of a value of type t under a rule.
func schemaOf(t reflect.Type, ru rule) map[string]any {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == dateType {
		return optional(map[string]any{"type": "string", "format": "date"}, ru)
	}
	switch t.Kind() {
	case reflect.Struct:
		return structSchema(t)
	case reflect.Map:
		s := map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), rule{need: true})}
		if ru.ref == "" {
			s["propertyNames"] = map[string]any{"pattern": keyForm.String()}
		}
		return least(s, "minProperties", ru)
	case reflect.Slice:
		item := ru
		item.need = true
		s := map[string]any{"type": "array", "items": schemaOf(t.Elem(), item)}
		if t.Elem().Kind() == reflect.String {
			s["uniqueItems"] = true
		}
		return least(s, "minItems", ru)
	case reflect.Bool:
		return optional(map[string]any{"type": "boolean"}, ru)
	case reflect.Int:
		return optional(map[string]any{"type": "integer", "minimum": ru.low, "maximum": ru.high}, ru)
	case reflect.String:
		return optional(textSchema(ru), ru)
	}
	panic("content: no schema for " + t.String())
}

// structSchema returns the schema of a mapping: these keys and no others.
func structSchema(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range fieldsOf(t) {
		properties[f.key] = schemaOf(f.typ, f.rule)
		if f.rule.need {
			required = append(required, f.key)
		}
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": properties, "required": required}
}

// textSchema returns the schema of a text.
func textSchema(ru rule) map[string]any {
	s := map[string]any{"type": []string{"string", "integer"}} // 110 needs no quotes
	if ru.need {
		s["minLength"] = 1
	}
	if ru.max > 0 {
		s["maxLength"] = ru.max
	}
	if len(ru.one) > 0 {
		s["enum"] = ru.one
	}
	switch ru.form {
	case "id":
		s["pattern"] = idForm.String()
	case "digits":
		s["pattern"] = digits.String()
	case "clock":
		s["pattern"] = clock.String()
	}
	var notes []string
	if ru.ref != "" {
		notes = append(notes, "the id of an entry in content/"+ru.ref)
		s["pattern"] = idForm.String()
	}
	if ru.quote {
		notes = append(notes, "exact words")
	}
	if ru.warn {
		notes = append(notes, "names what is wrong, to warn of it")
	}
	if len(notes) > 0 {
		s["description"] = strings.Join(notes, "; ")
	}
	return s
}

// optional lets a value be left empty where it is not needed.
func optional(s map[string]any, ru rule) map[string]any {
	if ru.need {
		return s
	}
	s["type"] = append(types(s["type"]), "null")
	if p, ok := s["pattern"].(string); ok {
		s["pattern"] = "^$|" + p
	}
	if one, ok := s["enum"].([]string); ok {
		s["enum"] = append([]any{nil, ""}, list(one)...)
	}
	return s
}

// least asks for one entry where something is needed, and lets null be none where it is not.
func least(s map[string]any, key string, ru rule) map[string]any {
	if ru.need {
		s[key] = 1
	} else {
		s["type"] = append(types(s["type"]), "null")
	}
	return s
}

// types returns the type or types of a schema as a list.
func types(t any) []string {
	if one, ok := t.(string); ok {
		return []string{one}
	}
	return t.([]string)
}

func list(words []string) []any {
	all := make([]any, len(words))
	for i, w := range words {
		all[i] = w
	}
	return all
}
