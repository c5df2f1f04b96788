package flows

import (
	"encoding/json"
	"fmt"
)

// object is a JSON object.
type object = map[string]any

// Schema returns a JSON Schema (2020-12) for flow files, so that an editor can complete and check them while they are
// written. It is made from the table the loader reads by; what only the loader sees are keys that do not go together.
func Schema() []byte {
	defs := object{}
	for name, shape := range shapes() {
		defs[name] = shape
	}
	for name, keys := range objects {
		if name != "flow" {
			defs[name] = mapping(keys)
		}
	}
	defs["step"] = steps(defs)
	root := mapping(objects["flow"])
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "A flow of Anning"
	root["$defs"] = defs
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil { // only strings, numbers and maps are in it
		panic(err)
	}
	return append(out, '\n')
}

// steps makes the shape of a step: one of the kinds. It adds each kind to defs.
func steps(defs object) object {
	var one []any
	for _, k := range kinds {
		name := "step_" + string(k.kind)
		shape := mapping(keysOf(k.kind))
		if k.kind == Ask {
			shape["required"] = []string{"ask", "id"}
		}
		defs[name] = shape
		one = append(one, ref(name))
	}
	return object{"oneOf": one}
}

// mapping makes the shape of a mapping with these keys and no others.
func mapping(keys []key) object {
	properties := object{}
	required := []string{}
	for _, k := range keys {
		properties[k.name] = ref(k.shape)
		if k.must {
			required = append(required, k.name)
		}
	}
	return object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func ref(name string) object         { return object{"$ref": "#/$defs/" + name} }
func words(list []string) object     { return object{"enum": list} }
func matching(pattern string) object { return object{"type": "string", "pattern": pattern} }
func listOf(shape object, least int) object {
	return object{"type": "array", "items": shape, "minItems": least}
}
func either(shapes ...any) object { return object{"anyOf": shapes} }

// mapOf makes the shape of a mapping from slots or steps.
func mapOf(value object, least int) object {
	return object{"type": "object", "propertyNames": ref("id"), "additionalProperties": value, "minProperties": least}
}

// shapes are the shapes of values.
func shapes() map[string]object {
	id := fmt.Sprintf("[a-z][a-z0-9_]{0,%d}", maxID-1)
	comparison := object{
		"type": "object", "additionalProperties": false, "minProperties": 1,
		"properties": object{
			"not": either(ref("text"), listOf(ref("text"), 1)), "gt": ref("text"), "lt": ref("text"), "set": ref("flag"),
		},
	}
	return map[string]object{
		"text":      {"type": []string{"string", "number"}, "minLength": 1},
		"id":        matching("^" + id + "$"),
		"flag":      {"type": "boolean"},
		"number":    {"type": "integer", "minimum": 0},
		"texts":     listOf(ref("text"), 0),
		"ids":       listOf(ref("id"), 0),
		"source":    matching(sourceShape.String()),
		"phone":     {"type": []string{"string", "integer"}, "pattern": `^[+0-9]{1,20}$`},
		"target":    matching("^" + id + "(/(" + id + ")?)?$"),
		"callee":    matching("^(" + id + `|\{` + id + `\})$`),
		"accept":    words(accepts),
		"style":     words(styles),
		"ending":    words(endings),
		"condition": mapOf(either(ref("text"), listOf(ref("text"), 1), comparison), 1),
		"assigns":   mapOf(either(ref("text"), object{"type": "null"}), 1),
		"moved":     mapOf(ref("target"), 0),
		"steps":     listOf(ref("step"), 1),
		"choices":   listOf(ref("choice"), 0),
		"view":      either(ref("id"), ref("view_of")),
		"reminder":  ref("reminder_of"),
		"recording": either(ref("record_kind"), ref("recording_of")),
		"branches":  either(ref("target"), ref("branch"), listOf(ref("branch"), 1)),

		"record_kind": words(records),
		"remind_from": words([]string{"reporting_channel"}),
	}
}
