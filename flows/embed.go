package flows

import "embed"

// Files holds the flows that ship with the program.
//
//go:embed *.yaml
var Files embed.FS
