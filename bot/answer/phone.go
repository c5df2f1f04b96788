package answer

import (
	"regexp"
	"slices"
	"strings"
)

var (
	phoneShape = regexp.MustCompile(`\+?[0-9(][0-9()\- ]{1,28}[0-9]|[0-9]{3,}`)
	masked     = regexp.MustCompile(`[0-9][*x×•●]{2,}[0-9]*|[*x×•●]{2,}[0-9]+|尾号`)
	mobile     = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	landline   = regexp.MustCompile(`^0(10|2[0-9]|[3-9][0-9]{2})[1-9][0-9]{6,7}$`)
	extension  = regexp.MustCompile(`^(0[0-9]{2,3}[- ]?[0-9]{7,8}|400[- 0-9]{7,10})(?:-|转|ext)([0-9]{1,6})$`)
	service    = regexp.MustCompile(`^(95[0-9]{3,9}|96[0-9]{3,6}|[48]00[0-9]{7}|106[0-9]{5,17}|1[0-2][0-9]{1,4}|100[0-9]{2,3})$`)
	local      = regexp.MustCompile(`^[2-8][0-9]{6,7}$`)
	abroad     = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

// Phone reads a telephone number: mobile, landline with its area code, 95xxx, 400, 106…, +86 and foreign ones. The form
// kept is digits, with "+" only for other countries and regions: "01012345678", "+85221234567". An extension is left off.
func Phone(text string) Answer {
	s := phoneDigits(fold(text))
	if masked.MatchString(s) {
		return refuse(Incomplete)
	}
	var found []string
	reason := Unclear
	for _, shape := range phoneShape.FindAllString(s, -1) {
		number, why := phone(shape)
		if why != "" {
			if reason == Unclear {
				reason = why
			}
			continue
		}
		if !slices.Contains(found, number) {
			found = append(found, number)
		}
	}
	switch len(found) {
	case 0:
		return refuse(reason)
	case 1:
		return value(found[0])
	}
	return ambiguous(found[:min(len(found), 3)]...)
}

// phone judges one shape. The reason is empty for a number.
func phone(shape string) (string, Reason) {
	if m := extension.FindStringSubmatch(shape); m != nil {
		shape = m[1]
	}
	digits := strings.Map(func(r rune) rune {
		if isDigit(r) || r == '+' {
			return r
		}
		return -1
	}, shape)
	if rest, ok := strings.CutPrefix(digits, "00"); ok && len(rest) > 6 {
		digits = "+" + rest
	}
	if rest, ok := strings.CutPrefix(digits, "+86"); ok {
		digits = home(rest)
	} else if rest, ok := strings.CutPrefix(digits, "86"); ok && mobile.MatchString(rest) {
		digits = rest
	}
	switch {
	case mobile.MatchString(digits), landline.MatchString(digits), service.MatchString(digits), abroad.MatchString(digits):
		return digits, ""
	case local.MatchString(digits):
		return "", Incomplete
	case len(digits) == 10 && digits[0] == '1', len(digits) == 12 && mobile.MatchString(digits[:11]), len(digits) > 4 && len(digits) < 11:
		return "", Incomplete
	}
	return "", Unclear
}

// home writes a number that came with +86 as it is dialled at home.
func home(digits string) string {
	if !mobile.MatchString(digits) && !service.MatchString(digits) && !strings.HasPrefix(digits, "0") {
		return "0" + digits
	}
	return digits
}

// phoneDigits makes 幺三八… digits, where at least three of them follow one another.
func phoneDigits(s string) string {
	runes := []rune(s)
	for i := 0; i < len(runes); {
		end := i
		for end < len(runes) && chineseDigit(runes[end]) >= 0 {
			end++
		}
		if end-i >= 3 {
			for ; i < end; i++ {
				runes[i] = rune('0' + chineseDigit(runes[i]))
			}
		}
		i = max(end, i+1)
	}
	return string(runes)
}
