package content_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"testing"

	"anning/content"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// goldenRoute is one line of the facts: a conduct and a kind of creditor.
type goldenRoute struct {
	Conduct, Creditor            string
	Primary, Secondary, Escalate []string
}

// deviation is where we go another way than the facts, and why. Empty lists of conducts or creditors mean all.
type deviation struct {
	why                 string
	conducts, creditors []string
	change              func(*goldenRoute)
}

// without leaves reporting channels out of every tier.
func without(ids ...string) func(*goldenRoute) {
	return func(r *goldenRoute) {
		for _, tier := range []*[]string{&r.Primary, &r.Secondary, &r.Escalate} {
			*tier = slices.DeleteFunc(*tier, func(id string) bool { return slices.Contains(ids, id) })
		}
	}
}

// ahead moves id before the first of others in the same tier.
func ahead(id string, others ...string) func(*goldenRoute) {
	return func(r *goldenRoute) {
		for _, tier := range []*[]string{&r.Primary, &r.Secondary, &r.Escalate} {
			at := slices.IndexFunc(*tier, func(x string) bool { return slices.Contains(others, x) })
			if from := slices.Index(*tier, id); at >= 0 && from > at {
				*tier = slices.Insert(slices.Delete(*tier, from, from+1), at, id)
			}
		}
	}
}

// deviations are all of them, in the order in which they are made.
var deviations = []deviation{
	{why: "finding out who the creditor is, is a conversation and no office", change: without("identify_creditor")},
	{why: "the internet finance association takes nothing that an office or the police have already: before them",
		creditors: []string{"online_loan", "microloan"},
		conducts: []string{"call_bombing", "insult", "false_legal_threat", "third_party_contact", "off_hours", "unidentified_collector",
			"illegal_debt", "continued_after_settlement", "not_debtor", "workplace_harassment"},
		change: ahead("nifa_jubao", "nfra_12378", "police_station")},
	{why: "the police come first here, and the association takes nothing that they have already: left out",
		creditors: []string{"online_loan", "microloan"},
		conducts: []string{"threat_violence", "impersonation", "forged_document", "privacy_exposure", "auto_dialer_bombing",
			"home_visit_harassment", "confinement_assault", "improper_payment", "overseas_number"},
		change: without("nifa_jubao")},
	{why: "who asks where to report is past the visit: what goes on now is heard before any route, with 110",
		conducts: []string{"home_visit_harassment"}, change: ahead("police_station", "p110")},
	{why: "mostly calls to the office: the desk first; a row that goes on now is heard before any route, with 110",
		conducts: []string{"workplace_harassment"}, change: func(r *goldenRoute) {
			without("p110")(r)
			police := []string{"p110"}
			if !slices.Contains(r.Primary, "police_station") {
				police = []string{"police_station", "p110"}
			}
			r.Escalate = slices.Concat(police, r.Escalate)
		}},
	{why: "the local financial office deals with licensed companies, not with loans between people; 12345 can pass it on",
		conducts: []string{"illegal_debt"}, creditors: []string{"private"}, change: without("local_fin")},
	{why: "no app collected anything where one person lent to another",
		conducts: []string{"not_debtor"}, creditors: []string{"private"}, change: without("app_pi")},
}

func TestRoutesFollowTheFacts(t *testing.T) {
	data, err := os.ReadFile("testdata/routes.golden.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var golden []goldenRoute
	if err := yaml.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	lib := shipped(t)
	lines, used := map[string]bool{}, make([]bool, len(deviations))
	for _, want := range golden {
		lines[want.Conduct+" "+want.Creditor] = true
		conduct := lib.Conduct(want.Conduct)
		if conduct == nil || lib.Route(conduct.Route) == nil || lib.Route(conduct.Route).By[want.Creditor] == nil {
			t.Errorf("no way for %s of %s", want.Conduct, want.Creditor)
			continue
		}
		for i, d := range deviations {
			if (len(d.conducts) == 0 || slices.Contains(d.conducts, want.Conduct)) && (len(d.creditors) == 0 || slices.Contains(d.creditors, want.Creditor)) {
				before := fmt.Sprint(want)
				d.change(&want)
				used[i] = used[i] || fmt.Sprint(want) != before
			}
		}
		o := lib.Route(conduct.Route).By[want.Creditor]
		got := goldenRoute{want.Conduct, want.Creditor, o.Primary, o.Secondary, o.Escalate}
		if diff := cmp.Diff(fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got)); diff != "" {
			t.Errorf("routes/%s.yaml, %s (-facts +ours)\n%s", conduct.Route, want.Creditor, diff)
		}
		if o.Reason == "" {
			t.Errorf("routes/%s.yaml, %s: no reason", conduct.Route, want.Creditor)
		}
	}
	if len(golden) != 190 || len(lines) != 190 {
		t.Errorf("%d lines of %d kinds, want 19 conducts by 10 creditors", len(golden), len(lines))
	}
	for i, d := range deviations {
		if !used[i] {
			t.Errorf("nothing deviates so any more: %s", d.why)
		}
	}
}

// TestAssociationComesBeforeOffices: it takes nothing that an office or the police have already.
func TestAssociationComesBeforeOffices(t *testing.T) {
	for _, r := range shipped(t).Routes {
		for creditor, o := range r.By {
			all := slices.Concat(o.Primary, o.Secondary, o.Escalate)
			at := slices.Index(all, "nifa_jubao")
			for _, office := range []string{"nfra_12378", "nfra_report", "police_station", "p110"} {
				if i := slices.Index(all, office); at >= 0 && i >= 0 && i < at {
					t.Errorf("routes/%s.yaml, %s: nifa_jubao after %s", r.ID, creditor, office)
				}
			}
		}
	}
}

// TestSeverityKeepsTheOrderOfTheFacts: of several conducts at once the worst decides where to go.
func TestSeverityKeepsTheOrderOfTheFacts(t *testing.T) {
	order := []string{"confinement_assault", "threat_violence", "privacy_exposure", "impersonation", "forged_document",
		"home_visit_harassment", "workplace_harassment", "auto_dialer_bombing", "improper_payment", "third_party_contact", "insult",
		"false_legal_threat", "call_bombing", "off_hours", "unidentified_collector", "overseas_number"}
	lib := shipped(t)
	for i, id := range order[1:] {
		worse, milder := lib.Conduct(order[i]), lib.Conduct(id)
		if worse.Severity < milder.Severity {
			t.Errorf("%s is %d, but the milder %s is %d", worse.ID, worse.Severity, milder.ID, milder.Severity)
		}
	}
	if a, b := lib.Conduct("impersonation").Severity, lib.Conduct("forged_document").Severity; a != b {
		t.Errorf("impersonation is %d and forged_document %d: they are as bad as each other", a, b)
	}
}

// ways are the kinds of contact that lead somewhere: a number, a page, an app or account by its name, a door.
var ways = regexp.MustCompile(`打 ?\d|发 ?\d{5}|[a-z0-9-]+\.(cn|com|net)\b|「[^」]+」|派出所|立案窗口|诉讼服务中心|监管局|客服号|网点`)

func TestEveryReportingChannelCanBeReached(t *testing.T) {
	lib := shipped(t)
	if len(lib.ReportingChannels) < 30 {
		t.Errorf("%d reporting channels, want 30 or more", len(lib.ReportingChannels))
	}
	for _, ch := range lib.ReportingChannels {
		if ch.Phone == "" && !slices.ContainsFunc(ch.Contacts, ways.MatchString) {
			t.Errorf("reporting_channels/%s.yaml: nobody could go there with %q", ch.ID, ch.Contacts)
		}
		if ch.Opening == "" || ch.Receipt == "" && ch.ID != "mental_12356" || ch.Takes == "" || ch.NoReply == "" {
			t.Errorf("reporting_channels/%s.yaml: opening, receipt, takes or no_reply is missing", ch.ID)
		}
	}
}

func TestDealsWith(t *testing.T) {
	some := &content.ReportingChannel{Creditors: []string{"bank_card"}}
	for creditor, want := range map[string]bool{"bank_card": true, "private": false, "unknown": false, "": false} {
		if got := some.DealsWith(creditor); got != want {
			t.Errorf("deals with %q: %t", creditor, got)
		}
		if !new(content.ReportingChannel).DealsWith(creditor) {
			t.Errorf("without a list it deals with all, also with %q", creditor)
		}
	}
}
