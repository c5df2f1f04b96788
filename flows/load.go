package flows

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Limits of a flow file. They are far above what an honest flow needs.
const (
	maxFile  = 256 << 10 // bytes
	maxDepth = 12        // mappings and lists in each other
	maxSteps = 500       // steps of one flow
)

// Load reads every *.yaml at the root of fsys. It is strict: an unknown key, a key twice, an alias, a value of the wrong
// kind are faults. The error is a Faults with every fault of every file, unless fsys itself cannot be read; the Set is
// nil then.
func Load(fsys fs.FS) (*Set, error) {
	files, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list flows: %w", err)
	}
	var flows []*Flow
	var faults Faults
	for _, name := range files {
		data, err := read(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read flow: %w", err)
		}
		f, faulty := parse(name, data)
		flows, faults = append(flows, f), append(faults, faulty...)
	}
	if len(faults) > 0 {
		return nil, faults.sorted()
	}
	return newSet(flows), nil
}

// read returns the bytes of a file, at most one more than a flow file may have.
func read(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// parse reads one file.
func parse(name string, data []byte) (*Flow, Faults) {
	r := &reader{file: "flows/" + name}
	sum := sha256.Sum256(data)
	f := &Flow{ID: strings.TrimSuffix(path.Base(name), ".yaml"), File: r.file, Hash: hex.EncodeToString(sum[:4])}
	if !isID(f.ID) {
		r.fault(0, "the file name is the flow's id: English snake_case, at most %d characters", maxID)
	}
	if root := r.document(data); root != nil {
		r.flow(f, root)
	}
	return f, r.faults
}

// document cuts the YAML and refuses what a flow file may not hold. It returns nil where there is nothing to read on.
func (r *reader) document(data []byte) *yaml.Node {
	if len(data) > maxFile {
		r.fault(0, "larger than %d KiB; cut the flow in two", maxFile>>10)
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF), err == nil && len(doc.Content) != 1:
		r.fault(0, "empty; a flow needs steps")
		return nil
	case err != nil:
		r.syntax(err)
		return nil
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		r.fault(more.Line, "a second YAML document (a line ---); one file is one flow")
		return nil
	}
	if !r.plain(doc.Content[0], 1) {
		return nil
	}
	return doc.Content[0]
}

var yamlError = regexp.MustCompile(`(?s)^yaml: (?:line (\d+): )?(.*)$`)

// syntax notes what YAML itself refused.
func (r *reader) syntax(err error) {
	m := yamlError.FindStringSubmatch(err.Error())
	if m == nil {
		r.fault(0, "no YAML: %v", err)
		return
	}
	line, _ := strconv.Atoi(m[1])
	r.fault(line, "no YAML: %s", m[2])
}

// plain refuses anchors, aliases, tags and deep nesting.
func (r *reader) plain(n *yaml.Node, depth int) bool {
	switch {
	case n.Kind == yaml.AliasNode:
		r.fault(n.Line, "*%s: no aliases; write it out", n.Value)
		return false
	case n.Anchor != "":
		r.fault(n.Line, "&%s: no anchors; write it out", n.Anchor)
		return false
	case n.Style&yaml.TaggedStyle != 0:
		r.fault(n.Line, "%s: no YAML tags", n.Tag)
		return false
	case depth > maxDepth:
		r.fault(n.Line, "nested deeper than %d", maxDepth)
		return false
	}
	ok := true
	for _, c := range n.Content {
		ok = r.plain(c, depth+1) && ok
	}
	return ok
}

// flow reads the top mapping.
func (r *reader) flow(f *Flow, n *yaml.Node) {
	at := r.fields(n, "flow", objects["flow"])
	f.Title, f.Phrases, f.Aside = at.text("title"), at.texts("phrases"), at.flag("aside")
	f.Moved = at.moved("moved")
	list := at.list("steps", maxSteps)
	f.index = make(map[string]int, len(list))
	for _, item := range list {
		step := r.step(item)
		if step == nil {
			continue
		}
		if step.ID == "" {
			step.ID = fmt.Sprintf("%s@%d", step.Kind, step.Line)
			if step.Kind == Call { // sessions come back here by this name: it must not change with the lines above
				step.ID = "call@" + strings.Trim(step.Call, "{}")
			}
			if _, taken := f.index[step.ID]; taken {
				step.ID += fmt.Sprintf(":%d", item.Column)
			}
		}
		if first, taken := f.index[step.ID]; taken {
			r.fault(step.Line, "the id %q is taken by the step in line %d", step.ID, f.Steps[first].Line)
			continue
		}
		f.index[step.ID] = len(f.Steps)
		f.Steps = append(f.Steps, step)
	}
	if len(f.Steps) == 0 && len(r.faults) == 0 {
		r.fault(n.Line, "a flow needs steps")
	}
}
