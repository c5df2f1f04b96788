package bot_test

import "testing"

// Who asks for another reporting channel sees another one first, and the one walked last of all.
func TestAnotherChannelBeginsAfterTheOneWalked(t *testing.T) {
	k := shippedWalk(t)
	k.say("信用卡逾期了，他们一天打几十个电话")
	k.say("我要投诉")
	for range 6 {
		if k.w.Slots(k.session)["reporting_channel"] != "" {
			break
		}
		k.say("1")
	}
	first := k.w.Slots(k.session)["reporting_channel"]
	if first == "" {
		t.Fatalf("no channel was shown: %q", k.heard())
	}
	k.say("报好了", "没给号", "投诉进度")
	k.slot("complaint_number", "")
	k.want(k.say("还没动静", "还是推"), "[换一条]")
	k.say("换一条")
	second := k.w.Slots(k.session)["reporting_channel"]
	if second == "" || second == first {
		t.Errorf("another channel than %q begins with %q: %q", first, second, k.heard())
	}
}
