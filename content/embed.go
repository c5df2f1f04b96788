package content

import "embed"

// Files is the content the program ships with, for Load.
//
//go:embed conducts laws reporting_channels routes checklists scripts signals wording holidays creditors.yaml hotlines.yaml
var Files embed.FS
