package flows_test

import (
	"testing"

	"anning/flows"
)

func TestLoadShipped(t *testing.T) {
	set, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"start", "menu"} {
		if set.Flow(id) == nil {
			t.Errorf("no flow %q", id)
		}
	}
}
