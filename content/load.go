package content

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Load reads a library from the root of fsys. Missing folders are empty; anything else that is not in order is a fault.
// The error, if any, is of type Faults and lists every fault at once; the library then holds what could be read, for
// Check to go on with, and must not be shown to people.
func Load(fsys fs.FS) (*Library, error) {
	r := &reader{fsys: fsys, ids: map[string]map[string]bool{}, fields: map[reflect.Type][]field{}}
	lib := &Library{
		Conducts:          readDir(r, "conducts", func(x *Conduct, id string) { x.ID = id }),
		Laws:              readDir(r, "laws", func(x *Law, id string) { x.ID = id }),
		ReportingChannels: readDir(r, "reporting_channels", func(x *ReportingChannel, id string) { x.ID = id }),
		Routes:            readDir(r, "routes", func(x *Route, id string) { x.ID = id }),
		Checklists:        readDir(r, "checklists", func(x *Checklist, id string) { x.ID = id }),
		Scripts:           readDir(r, "scripts", func(x *Script, id string) { x.ID = id }),
		Signals:           readDir(r, "signals", func(x *Signal, id string) { x.ID = id }),
		Negotiations:      readDir(r, "negotiation", func(x *Negotiation, id string) { x.ID = id }),
		Letters:           readDir(r, "letters", func(x *Letter, id string) { x.ID = id }),
		ReminderPlans:     readDir(r, "reminder_plans", func(x *ReminderPlan, id string) { x.ID = id }),
		Yardsticks:        readDir(r, "yardsticks", func(x *Yardstick, id string) { x.ID = id }),
		Questions:         readDir(r, "questions", func(x *Question, id string) { x.ID = id }),
		Lenders:           readDir(r, "lenders", func(x *Lenders, id string) { x.ID = id }),
		Phones:            readList(r, "phones.yaml", func(x *Phone) string { return x.ID }),
		Holidays:          readDir(r, "holidays", func(x *Holidays, year string) { x.Year = year }),
		Creditors:         readList(r, "creditors.yaml", func(x *Creditor) string { return x.ID }),
		Hotlines:          readHotlines(r),
		Wording:           readWording(r),
	}
	slices.SortStableFunc(lib.Conducts, func(a, b *Conduct) int { return cmp.Compare(b.Severity, a.Severity) })
	r.strangers()
	r.resolve()
	lib.index, lib.leaves = newIndex(lib), r.leaves
	if len(r.faults) > 0 {
		return lib, r.faults.sorted()
	}
	return lib, nil
}

// folders are those whose files Load reads, and the kinds of entry they hold.
var folders = []string{"conducts", "laws", "reporting_channels", "routes", "checklists", "scripts", "signals",
	"negotiation", "letters", "reminder_plans", "yardsticks", "questions", "lenders", "holidays", "hotlines", "wording"}

// listFiles are the lists at the root.
var listFiles = []string{"creditors.yaml", "hotlines.yaml", "phones.yaml"}

// reader reads the files of one library and gathers faults, references and every leaf.
type reader struct {
	fsys   fs.FS
	faults Faults
	leaves []leaf
	refs   []leaf                     // those whose rule names a kind
	ids    map[string]map[string]bool // kind → id → it is there, readable or not
	fields map[reflect.Type][]field   // of the structs met so far
}

// idForm is what an id looks like: conduct ids use _, laws keep the hyphens of their numbers.
var idForm = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9]+)*$`)

// readDir reads every file of a folder as one entry, by ID.
func readDir[T any](r *reader, dir string, name func(*T, string)) []*T {
	var all []*T
	r.ids[dir] = map[string]bool{}
	for _, file := range r.files(dir) {
		id := strings.TrimSuffix(path.Base(file), ".yaml")
		if !idForm.MatchString(id) {
			r.fault(file, 0, "a file name is an id: small letters, digits, _ and - only")
		}
		r.ids[dir][id] = true
		x := new(T)
		name(x, id)
		if r.read(file, x) {
			all = append(all, x)
		}
	}
	return all
}

// readList reads a file that is a list of entries, in the order of the file.
func readList[T any](r *reader, file string, id func(*T) string) []*T {
	kind := strings.TrimSuffix(path.Base(file), ".yaml")
	if r.ids[kind] == nil {
		r.ids[kind] = map[string]bool{}
	}
	if _, err := fs.Stat(r.fsys, file); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var all []*T
	r.read(file, &all)
	all = slices.DeleteFunc(all, func(x *T) bool { return x == nil })
	for i, x := range all {
		if r.ids[kind][id(x)] {
			r.fault(file, r.line(file, fmt.Sprintf("[%d]", i)), "%q is there twice", id(x))
		}
		r.ids[kind][id(x)] = true
	}
	return all
}

// readHotlines reads hotlines.yaml and then hotlines/*.yaml, each a list.
func readHotlines(r *reader) []*Hotline {
	number := func(x *Hotline) string { return x.Number }
	all := readList(r, "hotlines.yaml", number)
	for _, file := range r.files("hotlines") {
		all = append(all, readList(r, file, number)...)
	}
	return all
}

// readWording reads wording/*.yaml, each a map of key to text, into one.
func readWording(r *reader) map[string]string {
	all, from := map[string]string{}, map[string]string{}
	for _, file := range r.files("wording") {
		var m wordings
		r.read(file, &m)
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if first, twice := from[key]; twice {
				r.fault(file, r.line(file, key), "%q is already in %s", key, place(first))
			}
			from[key], all[key] = file, string(m[key])
		}
	}
	return all
}

// files lists the YAML files of a folder by name; what else lies there is a fault.
func (r *reader) files(dir string) []string {
	entries, err := fs.ReadDir(r.fsys, dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.fault(dir, 0, "cannot read the folder: %v", err)
		}
		return nil
	}
	var files []string
	for _, e := range entries {
		switch name := path.Join(dir, e.Name()); {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir() || path.Ext(name) != ".yaml":
			r.fault(name, 0, "only .yaml files belong here")
		default:
			files = append(files, name)
		}
	}
	return files
}

// strangers reports YAML at the root, or in folders there, that nobody reads.
func (r *reader) strangers() {
	entries, err := fs.ReadDir(r.fsys, ".")
	if err != nil {
		r.fault(".", 0, "cannot read the folder: %v", err)
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case slices.Contains(folders, name), slices.Contains(listFiles, name), name == "testdata":
		case e.IsDir():
			if found, _ := fs.Glob(r.fsys, name+"/*.y*ml"); len(found) > 0 {
				r.fault(name, 0, "nobody reads this folder%s", meant(name, folders))
			}
		case path.Ext(name) == ".yaml" || path.Ext(name) == ".yml":
			r.fault(name, 0, "nobody reads this file%s", meant(name, listFiles))
		}
	}
}

// resolve reports every reference to an id that is not there.
func (r *reader) resolve() {
	singular := map[string]string{"laws": "law", "routes": "route", "reporting_channels": "reporting channel", "creditors": "creditor",
		"checklists": "checklist", "signals": "signal"}
	for _, ref := range r.refs {
		if ids := r.ids[ref.rule.ref]; !ids[ref.value] {
			r.fault(ref.file, ref.line, "no %s %q%s", singular[ref.rule.ref], ref.value, meant(ref.value, slices.Collect(maps.Keys(ids))))
		}
	}
}

// fault notes something that must be fixed.
func (r *reader) fault(file string, line int, format string, args ...any) {
	r.faults = append(r.faults, Fault{File: place(file), Line: line, Text: fmt.Sprintf(format, args...)})
}

// line returns the line of the leaf, or of what lies at path, 0 where there is none.
func (r *reader) line(file, path string) int { return lineOf(r.leaves, file, path) }

// place is how faults name a file.
func place(file string) string { return path.Join("content", file) }
