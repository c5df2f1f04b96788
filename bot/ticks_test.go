package bot_test

import "testing"

// atEvidence is a walk at a question where several things can be ticked.
func atEvidence(t *testing.T) *walk {
	k := shippedWalk(t)
	k.want(k.say("一天打几十个电话", "1", "留证据"), "[每天来电表][通话记录截图][运营商详单][一通接通录音][看怎么留][先这些]")
	return k
}

func TestSeveralTicksInOneMessage(t *testing.T) {
	for _, text := range []string{"1和3", "1 3", "1、3", "１，３", "1,3", "第一个和第三个", "1和3都有", "1、3 都有", "有1，还有3。", "每天来电表、运营商详单", "每天来电表 3"} {
		k := atEvidence(t)
		heard := k.say(text)
		k.want(heard, "记下了：每天来电表、运营商详单。", "[通话记录截图][一通接通录音]")
		k.silentOf(heard, "[每天来电表]", "[运营商详单]")
		k.slot("evidence", "call_table,carrier_bill")
		k.say("2")
		k.slot("evidence", "call_table,carrier_bill,one_recording")
	}
}

func TestTicksAndOn(t *testing.T) {
	k := atEvidence(t)
	heard := k.say("1、3，先这些")
	k.slot("evidence", "call_table,carrier_bill")
	k.silentOf(heard, "哪些已经有了？")
	k = atEvidence(t)
	k.want(k.say("1和5"), "✓ 每天几个电话", "要留的是哪一样？")
	k.slot("evidence", "call_table")
}

// What is not understood whole is not taken in part.
func TestTicksThatAreNone(t *testing.T) {
	for _, text := range []string{"1和9", "5和1", "13", "1和没有录音"} {
		k := atEvidence(t)
		k.say(text)
		k.slot("evidence", "")
	}
}
