package train

// Labels are what a text can carry: the conducts, and what is told apart from them. docs/understanding.md says where one
// ends and the next begins.
var Labels = []string{"call_bombing", "insult", "threat_violence", "false_legal_threat", "impersonation", "forged_document",
	"third_party_contact", "privacy_exposure", "auto_dialer_bombing", "off_hours", "home_visit_harassment", "confinement_assault",
	"workplace_harassment", "improper_payment", "unidentified_collector", "illegal_debt", "continued_after_settlement", "not_debtor",
	"sexual_harassment_or_extortion", "school_minor", "lawful_collection", "self_harm_risk", "danger_now", "debt_scam", "other"}

// Intents are what a person can want.
var Intents = []string{"what_conduct", "evidence", "which_channel", "negotiate", "call_now", "follow_up_status", "am_i_sued",
	"credit_record", "interest_too_high", "third_party_rights", "third_party_help", "debt_scam_check", "compensation",
	"psychological_support", "home_visit_legal", "lawful_limits", "delete_my_data", "human_help", "other"}
