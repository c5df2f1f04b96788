package content_test

import (
	"os"
	"testing"

	"anning/content"
)

func TestShippedContentLoads(t *testing.T) {
	if _, err := content.Load(os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
}
