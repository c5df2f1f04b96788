package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes this test binary the program "anning" for the scripts and for the tests that run it.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"anning": main}) }

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("ANNING_DATA", env.WorkDir+"/data")
			return nil
		},
		RequireExplicitExec: true,
	})
}
