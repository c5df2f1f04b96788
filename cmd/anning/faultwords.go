package main

import (
	"regexp"
	"slices"
	"strings"
)

// faultWords are the checkers' sentences as the checkers write them, and in Chinese: $1 is the first thing filled in,
// itself in Chinese where it has words here. The first that fits is taken. A test holds the left side to the sources,
// and the sources to this table.
var faultWords = slices.Concat(flowWords, botWords, contentWords, reasonWords)

// faultForms are the left sides as patterns.
var faultForms = func() []*regexp.Regexp {
	forms := make([]*regexp.Regexp, len(faultWords))
	holes := strings.NewReplacer("%q", `("(?:[^"\\]|\\.)*")`, "%d", `(\d+)`, "%s", `(.*)`, "%v", `(.*)`, "%t", `(true|false)`)
	for i, w := range faultWords {
		forms[i] = regexp.MustCompile("(?s)^" + holes.Replace(regexp.QuoteMeta(w[0])) + "$")
	}
	return forms
}()

var (
	didYouMean = regexp.MustCompile(`(?:, did you mean ("[^"]*"))|(?: \(did you mean ("[^"]*")\?\))`)
	ofAFlow    = regexp.MustCompile(` \(the flow is written ("[^"]*")\)$`)
	ofContent  = regexp.MustCompile(`^([a-z_]+/[a-z0-9_-]+): (.+)$`)
	filledIn   = regexp.MustCompile(`\$\d`)
)

// inWords is a checker's sentence in Chinese, or as it is.
func inWords(text string) string {
	guess := ""
	plain := didYouMean.ReplaceAllStringFunc(text, func(found string) string {
		m := didYouMean.FindStringSubmatch(found)
		guess = "，是不是 " + m[1] + m[2] + "？"
		return ""
	})
	if m := ofAFlow.FindStringSubmatch(plain); m != nil {
		plain, guess = strings.TrimSuffix(plain, m[0]), "；去那个流程，写 "+m[1]
	}
	for i, form := range faultForms {
		if found := form.FindStringSubmatch(plain); found != nil {
			return filledIn.ReplaceAllStringFunc(faultWords[i][1], func(n string) string {
				return inWords(found[n[1]-'0'])
			}) + guess
		}
	}
	if m := ofContent.FindStringSubmatch(plain); m != nil { // a phrase is heard, and its file is told in the sentence
		if said := inWords(m[2]); said != m[2] {
			return m[1] + "：" + said + guess
		}
	}
	return text
}
