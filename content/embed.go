package content

import "embed"

// Files is the content the program ships with, for Load.
//
//go:embed conducts laws reporting_channels routes checklists scripts signals wording holidays negotiation letters reminder_plans yardsticks questions lenders creditors.yaml hotlines.yaml phones.yaml
var Files embed.FS
