package content

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// Lenders is a file of firms that lend, or through which people borrow.
type Lenders struct {
	ID      string    `yaml:"-"` // file name
	Lenders []*Lender `yaml:"lenders" rule:"need"`
	Fact    `yaml:",inline"`
}

// Lender is a firm that lends, or an app or a product through which people borrow.
type Lender struct {
	Name   string   `yaml:"name" rule:"need,quote"`          // in full, as it stands in contracts: it goes into letters
	Names  []string `yaml:"names" rule:"quiet"`              // what people call it, told anywhere
	Common []string `yaml:"common" rule:"quiet"`             // names that mean much else too: they count beside words of lending
	Kinds  []string `yaml:"kinds" rule:"need,ref=creditors"` // the kinds of creditor it may be; of several, the words beside it choose
	App    bool     `yaml:"app"`                             // who lends stands in the contract: it is never named in a letter
}

// Calls is all that a lender is called, by those who are asked: its name, its names, the common ones.
func (l *Lender) Calls() []string {
	return slices.Concat([]string{l.Name}, l.Names, l.Common)
}

// EveryLender lists the lenders of all files.
func (lib *Library) EveryLender() (all []*Lender) {
	for _, file := range lib.Lenders {
		all = append(all, file.Lenders...)
	}
	return all
}

// lenders checks that nothing names two lenders, nor a lender and a kind of creditor.
func (c *checker) lenders() {
	taken := map[string]string{}
	for _, x := range c.lib.Creditors {
		for _, word := range slices.Concat(x.Phrases, x.Broad) {
			taken[word] = x.ID
		}
	}
	for _, file := range c.lib.Lenders {
		path := "lenders/" + file.ID + ".yaml"
		for i, x := range file.Lenders {
			at := fmt.Sprintf("lenders[%d]", i)
			if len(x.Names)+len(x.Common) == 0 {
				c.must(path, at, "nobody can be heard to name %s: no names", x.Name)
			}
			calls := x.Calls()
			slices.Sort(calls)
			for _, word := range slices.Compact(calls) { // its name may be one of its names
				if of := taken[word]; of != "" {
					c.must(path, at, "%q is a word for %s already", word, of)
				}
				if utf8.RuneCountInString(word) < 2 {
					c.must(path, at, "%q is too short to be heard", word)
				}
				taken[word] = x.Name
			}
		}
	}
}
